// SPDX-License-Identifier: Apache-2.0
// Registers of one function. What a device says of itself is checked: lists that run in circles,
// tables that lie outside, sizes of zero.
#include "platform/pc/pci/function.hpp"

#include <core/bytes.hpp>
#include <core/format.hpp>
#include <hal/interrupts.hpp>
#include <hal/paging.hpp>

#include <algorithm>

namespace skerry::pc::pci {
namespace {

constexpr unsigned bar_count = 6;
constexpr unsigned bar_io_bit = 0;
constexpr std::uint32_t bar_memory_mask = 0xffff'fff0;
constexpr std::uint32_t bar_io_mask = 0xffff'fffc;

/// Capabilities lie in bytes 64 to 255, four bytes apart: no list is longer.
constexpr std::uint16_t first_capability_byte = 0x40;

// MSI-X (PCI 3.0, 6.8.2).
constexpr unsigned msix_enable_bit = 31; // of the double word with the message control
constexpr unsigned msix_mask_all_bit = 30;
constexpr std::uint64_t msix_entry_bytes = 16;
constexpr std::uint64_t entry_address_low = 0;
constexpr std::uint64_t entry_address_high = 4;
constexpr std::uint64_t entry_data = 8;
constexpr std::uint64_t entry_control = 12;

bool is_64_bit(std::uint32_t bar) {
  return ((bar >> 1U) & 3U) == 2;
}

bool call(void* context) {
  return (*static_cast<const device::InterruptHandler*>(context))();
}

} // namespace

Function::Function(const ConfigSpace& space, Address address)
    : space_(space), address_(address), msix_(find_capability(capability_msix, 0)) {
  name_ = format_to(name_text_, "pci {:x}:{:x}.{}", unsigned{address.bus}, unsigned{address.device},
                    unsigned{address.function});
  if (msix_ != 0) {
    const unsigned table_size = ((read_config32(msix_) >> 16U) & 0x7ff) + 1;
    vectors_ = std::min(table_size, max_vectors);
  }
}

device::BusId Function::id() const {
  const std::uint32_t id = read_config32(register_id);
  return {.bus = device::BusKind::pci,
          .vendor = static_cast<std::uint16_t>(id),
          .device = static_cast<std::uint16_t>(id >> 16U)};
}

std::uint32_t Function::read_config32(std::uint16_t offset) const {
  return space_.read(address_, offset);
}

std::uint8_t Function::read_config8(std::uint16_t offset) const {
  const auto word = align_down(offset, std::uint16_t{4});
  return static_cast<std::uint8_t>(read_config32(word) >> ((offset - word) * 8U));
}

std::uint16_t Function::find_capability(std::uint8_t kind, std::uint16_t previous) const {
  if (!has_bit(read_config32(register_command), status_capabilities_bit)) {
    return 0;
  }
  std::uint16_t at = read_config8(register_capabilities) & 0xfc;
  bool found_previous = previous == 0;
  std::uint64_t seen = 0; // a bit for each double word: a list may run in a circle
  while (at >= first_capability_byte && !has_bit(seen, at / 4U)) {
    seen |= bit<std::uint64_t>(at / 4U);
    const std::uint32_t header = read_config32(at);
    if (found_previous && (header & 0xff) == kind) {
      return at;
    }
    found_previous = found_previous || at == previous;
    at = (header >> 8U) & 0xfc;
  }
  return 0;
}

void Function::set_command(std::uint32_t set, std::uint32_t clear) const {
  // Ones in the status half would clear its bits.
  const std::uint32_t command = read_config32(register_command) & 0xffff;
  space_.write(address_, register_command, (command & ~clear) | set);
}

Result<Function::Bar> Function::read_bar(unsigned index) const {
  if (index >= bar_count) {
    return fail(std::errc::no_such_device);
  }
  const auto offset = static_cast<std::uint16_t>(register_bar0 + index * 4);
  const std::uint32_t low = read_config32(offset);
  const bool io = has_bit(low, bar_io_bit);
  const bool wide = !io && is_64_bit(low);
  if (wide && index + 1 == bar_count) {
    return fail(std::errc::no_such_device);
  }
  const auto high_offset = static_cast<std::uint16_t>(offset + 4);
  const std::uint32_t high = wide ? read_config32(high_offset) : 0;

  const std::uint32_t decoding = read_config32(register_command) & 3U;
  set_command(0, 3);
  space_.write(address_, offset, 0xffff'ffff);
  const std::uint32_t low_size = read_config32(offset) & (io ? bar_io_mask : bar_memory_mask);
  space_.write(address_, offset, low);
  std::uint32_t high_size = 0xffff'ffff;
  if (wide) {
    space_.write(address_, high_offset, 0xffff'ffff);
    high_size = read_config32(high_offset);
    space_.write(address_, high_offset, high);
  }
  set_command(decoding, 0);

  const std::uint64_t mask = (std::uint64_t{high_size} << 32U) | low_size;
  Bar bar{.address = (std::uint64_t{high} << 32U) | (low & (io ? bar_io_mask : bar_memory_mask)),
          .size_bytes = ~mask + 1,
          .is_io = io};
  const bool empty = low_size == 0 && (!wide || high_size == 0);
  if (empty || bar.address == 0 || bar.address % bar.size_bytes != 0) {
    return fail(std::errc::no_such_device);
  }
  return bar;
}

Result<device::Region> Function::map_region(unsigned index) {
  const Bar bar = TRY(read_bar(index));
  if (bar.is_io) {
    return fail(std::errc::not_supported);
  }
  // No register file of a device here is larger; a device that says so gets no more than this.
  constexpr std::uint64_t max_mapped = 1_MiB;
  const std::uint64_t size = std::min(bar.size_bytes, max_mapped);
  const auto start =
      TRY(hal::map_physical({mm::PhysicalAddress(bar.address), size}, hal::Caching::device));
  set_command(bit<std::uint32_t>(command_memory_bit) | bit<std::uint32_t>(command_master_bit), 0);
  return device::Region(start, size);
}

Result<> Function::start_msix() {
  const std::uint32_t where = read_config32(static_cast<std::uint16_t>(msix_ + 4));
  const device::Region bar = TRY(map_region(where & 7U));
  table_ = bar.part(where & ~7U, vectors_ * msix_entry_bytes);
  if (table_.size_bytes() == 0) {
    return fail(std::errc::no_such_device); // the table lies outside its region
  }
  set_command(bit<std::uint32_t>(command_interrupt_off_bit), 0);
  const std::uint32_t control = read_config32(msix_);
  space_.write(address_, msix_,
               (control | bit<std::uint32_t>(msix_enable_bit)) &
                   ~bit<std::uint32_t>(msix_mask_all_bit));
  msix_started_ = true;
  return {};
}

Result<> Function::connect_interrupt(unsigned index, device::InterruptHandler handler) {
  if (index >= vectors_) {
    return fail(std::errc::no_such_device);
  }
  if (!msix_started_) {
    TRY(start_msix());
  }
  handlers_[index] = handler;
  const hal::MessageSignal signal = TRY(hal::connect_message_interrupt(call, &handlers_[index]));
  const std::uint64_t entry = index * msix_entry_bytes;
  const std::uint64_t target = signal.address.value();
  table_.write(entry + entry_address_low, static_cast<std::uint32_t>(target));
  table_.write(entry + entry_address_high, static_cast<std::uint32_t>(target >> 32U));
  table_.write(entry + entry_data, signal.data);
  table_.write(entry + entry_control, std::uint32_t{0}); // unmasked
  return {};
}

} // namespace skerry::pc::pci
