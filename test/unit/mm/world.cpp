// SPDX-License-Identifier: Apache-2.0
// See the header. Implements include/hal/paging.hpp for the tests.
#include "world.hpp"

#include <core/spinlock.hpp>
#include <mm/heap.hpp>
#include <mm/kernel_space.hpp>

namespace skerry {
namespace mm::test {

World& World::get() {
  static World world;
  return world;
}

World::World() {
  frames().initialize(machine.info);
  tables.initialize(*frames().allocate_table(), machine.info.direct_map, true);
  tables.set_frames(frames());
  heap().initialize(0x1234'5678'9abc'def0);
  kernel_space().initialize(0xfeed'5eed);
}

void World::leave_frames(std::size_t left) {
  while (frames().statistics().free > left) {
    taken_.push_back(*frames().allocate());
  }
}

void World::give_back() {
  for (const PhysicalAddress frame : taken_) {
    frames().free(frame);
  }
  taken_.clear();
}

std::byte* World::reach(VirtualAddress address, hal::Access access) const {
  const auto leaf = tables.find(address);
  const bool is_allowed = leaf && (leaf->access == access || (access == hal::Access::read &&
                                                              leaf->access != hal::Access::none));
  if (!is_allowed) {
    return nullptr;
  }
  return machine.at<std::byte>(leaf->frame + (address.value() & (leaf->size_bytes - 1)));
}

} // namespace mm::test

namespace hal {

using mm::test::World;

namespace {

/// As platform/x86_64/paging.cpp has it: the tables are one for all CPUs.
constinit Spinlock tables_lock(LockRank::page_tables);

} // namespace

Result<> map_pages(mm::VirtualAddress address, mm::PhysicalAddress frame, std::size_t count,
                   Access access, Caching caching) {
  World& world = World::get();
  const SpinlockGuard guard(tables_lock);
  return world.tables.map(address, frame, count, access, caching);
}
Result<> unmap_pages(mm::VirtualAddress address, std::size_t count) {
  World& world = World::get();
  const SpinlockGuard guard(tables_lock);
  return world.tables.unmap(address, count);
}
Result<> protect_pages(mm::VirtualAddress address, std::size_t count, Access access) {
  World& world = World::get();
  const SpinlockGuard guard(tables_lock);
  return world.tables.protect(address, count, access);
}
std::optional<FoundMapping> next_mapping(mm::VirtualAddress address, mm::VirtualAddress end) {
  World& world = World::get();
  const SpinlockGuard guard(tables_lock);
  return world.tables.next(address, end);
}
mm::VirtualAddress direct_map(mm::PhysicalAddress address) {
  return World::get().machine.info.direct_map + address.value();
}
std::optional<Mapping> find_mapping(mm::VirtualAddress address) {
  World& world = World::get();
  const SpinlockGuard guard(tables_lock);
  return world.tables.find(address);
}

} // namespace hal
} // namespace skerry
