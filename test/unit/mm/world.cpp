// SPDX-License-Identifier: Apache-2.0
// See the header. Implements include/hal/paging.hpp for the tests.
#include "world.hpp"

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

Result<> map_pages(mm::VirtualAddress address, mm::PhysicalAddress frame, std::size_t count,
                   Access access, Caching caching) {
  return World::get().tables.map(address, frame, count, access, caching);
}
Result<> unmap_pages(mm::VirtualAddress address, std::size_t count) {
  return World::get().tables.unmap(address, count);
}
Result<> protect_pages(mm::VirtualAddress address, std::size_t count, Access access) {
  return World::get().tables.protect(address, count, access);
}
std::optional<FoundMapping> next_mapping(mm::VirtualAddress address, mm::VirtualAddress end) {
  return World::get().tables.next(address, end);
}
mm::VirtualAddress direct_map(mm::PhysicalAddress address) {
  return World::get().machine.info.direct_map + address.value();
}
std::optional<Mapping> find_mapping(mm::VirtualAddress address) {
  return World::get().tables.find(address);
}

} // namespace hal
} // namespace skerry
