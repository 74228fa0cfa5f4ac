// SPDX-License-Identifier: Apache-2.0
// The one address space: include/hal/paging.hpp over the page tables of this machine.
#include "platform/x86_64/paging.hpp"

#include "platform/x86_64/cpuid.hpp"
#include "platform/x86_64/page_tables.hpp"
#include "platform/x86_64/translation_cache.hpp"

#include <core/assert.hpp>
#include <core/spinlock.hpp>
#include <hal/paging.hpp>
#include <hal/random.hpp>
#include <mm/layout.hpp>

#include <span>

namespace skerry::x86_64 {
namespace {

/// The tables and what is known about the upper half. Interrupt handlers map nothing, so
/// interrupts stay on while the lock is held.
struct Paging {
  Spinlock lock{LockRank::page_tables};
  PageTables tables;
  mm::VirtualAddress direct_map;
  std::uint64_t direct_map_size = 0;
  std::uint64_t physical_limit = 0;
  mm::VirtualAddress next_device; ///< from here on the device region is free
};

constinit Paging paging;

/// A page of the first half of the device region, another one on every boot.
mm::VirtualAddress random_device_start(const kernel::BootInfo& info) {
  constexpr std::uint64_t half = (mm::layout::device_map_end - mm::layout::device_map_start) / 2;
  std::uint64_t word = 0;
  if (hal::hardware_seed(std::as_writable_bytes(std::span(&word, 1))) != sizeof word) {
    // As weak as the layout itself, which is reported once.
    word = (info.direct_map.value() ^ info.entry_timestamp) * 0x9e3779b97f4a7c15;
  }
  return mm::layout::device_map_start + word % (half / mm::page_size) * mm::page_size;
}

/// Reserves `size` bytes and an unmapped page behind them. `frame` is what will be mapped there:
/// large leaves need the same offset in 2 MiB on both sides.
Result<mm::VirtualAddress> reserve_device_pages(std::uint64_t frame, std::uint64_t size) {
  std::uint64_t skip = 0;
  if (size >= mm::large_page_size) {
    skip = (frame - paging.next_device.value()) % mm::large_page_size;
  }
  const std::uint64_t room = mm::layout::device_map_end - paging.next_device;
  if (size > room || room - size < skip + mm::page_size) {
    return fail(std::errc::not_enough_memory);
  }
  const mm::VirtualAddress start = paging.next_device + skip;
  paging.next_device = start + size + mm::page_size;
  return start;
}

} // namespace

void paging_initialize(const kernel::BootInfo& info) {
  paging.tables.initialize(info.page_table_root, info.direct_map, global_pages_enabled());
  paging.direct_map = info.direct_map;
  paging.direct_map_size = info.direct_map_size;
  paging.physical_limit = bit(cpu_physical_address_bits());
  paging.next_device = random_device_start(info);
}

void paging_drop_identity() {
  const SpinlockGuard guard(paging.lock);
  paging.tables.drop_identity();
}

} // namespace skerry::x86_64

namespace skerry::hal {

using x86_64::paging;

Result<> map_pages(mm::VirtualAddress address, mm::PhysicalAddress frame, std::size_t count,
                   Access access, Caching caching) {
  const SpinlockGuard guard(paging.lock);
  return paging.tables.map(address, frame, count, access, caching);
}

Result<> unmap_pages(mm::VirtualAddress address, std::size_t count) {
  const SpinlockGuard guard(paging.lock);
  return paging.tables.unmap(address, count);
}

Result<> protect_pages(mm::VirtualAddress address, std::size_t count, Access access) {
  const SpinlockGuard guard(paging.lock);
  return paging.tables.protect(address, count, access);
}

std::optional<Mapping> find_mapping(mm::VirtualAddress address) {
  return paging.tables.find(address); // without the lock: fault reports come from anywhere
}

std::optional<FoundMapping> next_mapping(mm::VirtualAddress address, mm::VirtualAddress end) {
  const SpinlockGuard guard(paging.lock);
  return paging.tables.next(address, end);
}

void set_table_frames(TableFrames& frames) {
  const SpinlockGuard guard(paging.lock);
  paging.tables.set_frames(frames);
}

Result<mm::VirtualAddress> map_physical(mm::PhysicalRange range, Caching caching) {
  const std::uint64_t first = range.start.page().value();
  const std::uint64_t limit = paging.physical_limit;
  if (range.size_bytes == 0 || first >= limit || range.size_bytes > limit - range.start.value()) {
    return fail(std::errc::invalid_argument);
  }
  const std::uint64_t size = align_up(range.end().value(), mm::page_size) - first;
  const SpinlockGuard guard(paging.lock);
  const mm::VirtualAddress start = TRY(x86_64::reserve_device_pages(first, size));
  TRY(paging.tables.map(start, mm::PhysicalAddress(first), size / mm::page_size, Access::read_write,
                        caching));
  return start + range.start.offset_in_page();
}

mm::VirtualAddress direct_map(mm::PhysicalAddress address) {
  SKERRY_ASSERT(address.value() < paging.direct_map_size);
  return paging.direct_map + address.value();
}

mm::PhysicalAddress direct_map_physical(mm::VirtualAddress address) {
  const std::uint64_t offset = address - paging.direct_map;
  SKERRY_ASSERT(offset < paging.direct_map_size);
  return mm::PhysicalAddress(offset);
}

} // namespace skerry::hal
