// SPDX-License-Identifier: Apache-2.0
// Devices that only an argument tells of.
#include "platform/pc/mmio_device.hpp"

#include <core/bytes.hpp>
#include <core/format.hpp>
#include <hal/interrupts.hpp>
#include <hal/paging.hpp>

namespace skerry::pc {
namespace {

// virtio 1.2, 4.2.2.
constexpr std::uint64_t register_magic = 0x000;
constexpr std::uint64_t register_device = 0x008;
constexpr std::uint32_t magic = 0x7472'6976; // "virt"
constexpr std::uint64_t least_size = 512;
constexpr std::uint64_t most_size = 1_MiB;

/// Takes a number off the front, hexadecimal after 0x.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    text.remove_prefix(2);
    base = 16;
  }
  std::uint64_t value = 0;
  std::size_t digits = 0;
  for (; digits < text.size(); ++digits) {
    const char c = text[digits];
    const char lower = static_cast<char>(c | 0x20);
    std::uint64_t digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<std::uint64_t>(c - '0');
    } else if (base == 16 && lower >= 'a' && lower <= 'f') {
      digit = static_cast<std::uint64_t>(lower - 'a') + 10;
    } else {
      break;
    }
    if (__builtin_mul_overflow(value, static_cast<std::uint64_t>(base), &value) ||
        __builtin_add_overflow(value, digit, &value)) {
      return std::nullopt;
    }
  }
  if (digits == 0) {
    return std::nullopt;
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) {
    return false;
  }
  text.remove_prefix(1);
  return true;
}

/// The factor of a size's suffix.
std::uint64_t take_unit(std::string_view& text) {
  if (take(text, 'K') || take(text, 'k')) {
    return 1_KiB;
  }
  return take(text, 'M') || take(text, 'm') ? 1_MiB : 1;
}

bool call(void* context) {
  return (*static_cast<const device::InterruptHandler*>(context))();
}

} // namespace

std::optional<MmioPlace> parse_mmio_place(std::string_view text) {
  const auto size = take_number(text);
  const std::uint64_t unit = take_unit(text);
  if (!size || *size > most_size || !take(text, '@')) {
    return std::nullopt;
  }
  const auto address = take_number(text);
  if (!address || !take(text, ':')) {
    return std::nullopt;
  }
  const auto line = take_number(text);
  const std::uint64_t bytes = *size * unit;
  // Linux allows a device number after another colon; it has no meaning here.
  if (take(text, ':') && !take_number(text)) {
    return std::nullopt;
  }
  if (!line || *line > UINT32_MAX || !text.empty() || bytes < least_size || bytes > most_size ||
      *address + bytes < *address) {
    return std::nullopt;
  }
  return MmioPlace{
      .address = *address, .size_bytes = bytes, .line = static_cast<std::uint32_t>(*line)};
}

MmioDevice::MmioDevice(const MmioPlace& place) : place_(place) {
  name_ = format_to(name_text_, "mmio {:#x}", place.address);
}

Result<bool> MmioDevice::probe() {
  const auto start = TRY(hal::map_physical({mm::PhysicalAddress(place_.address), place_.size_bytes},
                                           hal::Caching::device));
  registers_ = device::Region(start, place_.size_bytes);
  if (registers_.read<std::uint32_t>(register_magic) != magic) {
    return false;
  }
  kind_ = static_cast<std::uint16_t>(registers_.read<std::uint32_t>(register_device));
  return kind_ != 0; // a place without a device says 0
}

device::BusId MmioDevice::id() const {
  return {.bus = device::BusKind::virtio_mmio, .vendor = 0, .device = kind_};
}

Result<device::Region> MmioDevice::map_region(unsigned index) {
  return index == 0 ? Result<device::Region>(registers_) : fail(std::errc::no_such_device);
}

Result<> MmioDevice::connect_interrupt(unsigned index, device::InterruptHandler handler) {
  if (index != 0) {
    return fail(std::errc::no_such_device);
  }
  handler_ = handler;
  // As the tables of QEMU's microvm have it: the line stays up until the device is acknowledged.
  return hal::connect_line_interrupt(place_.line, true, false, call, &handler_);
}

} // namespace skerry::pc
