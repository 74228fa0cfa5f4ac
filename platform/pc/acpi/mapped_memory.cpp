// SPDX-License-Identifier: Apache-2.0
// Firmware tables are read-only memory of the normal kind, outside what the direct map covers.
#include "platform/pc/acpi/mapped_memory.hpp"

#include "platform/x86_64/cpuid.hpp"

#include <core/bytes.hpp>
#include <hal/paging.hpp>

namespace skerry::pc::acpi {

std::span<const std::byte> MappedMemory::view(mm::PhysicalAddress start, std::size_t size) {
  // An address that the processor cannot form would fault as a reserved bit of the page table.
  const std::uint64_t limit = bit(x86_64::cpu_physical_address_bits());
  if (size == 0 || start.value() >= limit || size > limit - start.value()) {
    return {};
  }
  const std::uint64_t end = align_up((start + size).value(), mm::page_size);
  const mm::PhysicalRange pages{start.page(), end - start.page().value()};
  std::optional<mm::VirtualAddress> address = find(pages);
  if (!address) {
    address = map(pages);
  }
  if (!address) {
    return {};
  }
  // SAFETY: the pages are mapped, stay mapped for ever, and bytes may be read at any alignment.
  return {(*address + start.offset_in_page()).as_pointer<const std::byte>(), size};
}

std::optional<mm::VirtualAddress> MappedMemory::find(mm::PhysicalRange pages) const {
  for (std::size_t i = 0; i < count_; ++i) {
    const Window& window = windows_[i];
    if (window.range.start <= pages.start && pages.end() <= window.range.end()) {
      return window.address + (pages.start - window.range.start);
    }
  }
  return std::nullopt;
}

std::optional<mm::VirtualAddress> MappedMemory::map(mm::PhysicalRange pages) {
  const auto address = hal::map_physical(pages, hal::Caching::normal);
  if (!address) {
    return std::nullopt;
  }
  if (count_ < max_windows) {
    windows_[count_++] = {pages, *address};
  }
  return *address;
}

} // namespace skerry::pc::acpi
