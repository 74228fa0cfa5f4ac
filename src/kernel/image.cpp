// SPDX-License-Identifier: Apache-2.0
// Knowledge of the running image.
#include <kernel/boot.hpp>
#include <kernel/image.hpp>

extern "C" {
extern const std::byte __image_start[];
extern const std::byte __symbols_start[];
}

namespace skerry::kernel {
namespace {

constinit mm::VirtualAddress base;
constinit std::uint64_t size = 0;
constinit mm::PhysicalAddress first_frame;

} // namespace

void set_image(const BootInfo& info) {
  base = info.image_base;
  size = info.image.size_bytes;
  first_frame = info.image.start;
}

std::optional<std::uint64_t> image_offset(mm::VirtualAddress address) {
  if (address < base || address - base >= size) {
    return std::nullopt;
  }
  return address - base;
}

bool image_contains(mm::VirtualAddress address, std::size_t size_bytes) {
  const auto offset = image_offset(address);
  return offset && size_bytes <= size - *offset;
}

std::optional<mm::PhysicalAddress> image_frame(mm::VirtualAddress address) {
  const auto offset = image_offset(address);
  return offset && *offset % mm::page_size == 0
             ? std::optional(mm::PhysicalAddress(first_frame.value() + *offset))
             : std::nullopt;
}

std::span<const std::byte> image_symbols() {
  const std::uint64_t offset = mm::VirtualAddress(__symbols_start) - base;
  return offset < size ? std::span(__symbols_start, size - offset) : std::span<const std::byte>{};
}

mm::VirtualAddress image_base() {
  return mm::VirtualAddress(__image_start);
}

} // namespace skerry::kernel
