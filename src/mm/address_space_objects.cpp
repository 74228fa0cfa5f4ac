// SPDX-License-Identifier: Apache-2.0
// What happens to mappings of an object whose pages go: a file that is made shorter.
#include "src/mm/resident.hpp"

#include <mm/address_space.hpp>
#include <mm/frames.hpp>

#include <algorithm>

namespace skerry::mm {
namespace {

/// The part of `area` that maps the pages [first, end) of its object; empty when start is not below
/// end.
struct Part {
  VirtualAddress start;
  VirtualAddress end;
};

Part part_of(const Area& area, std::uint64_t first, std::uint64_t end) {
  const std::uint64_t pages = area.pages();
  const auto within = [&](std::uint64_t page) {
    return page > area.object_page ? std::min(page - area.object_page, pages) : 0;
  };
  return {area.start + (within(first) << page_bits), area.start + (within(end) << page_bits)};
}

} // namespace

const std::byte* MemoryObject::page_contents(std::uint64_t, PhysicalAddress frame) const {
  return frames().pointer<const std::byte>(frame);
}

void AddressSpace::forget_object(const MemoryObject& object, std::uint64_t first,
                                 std::uint64_t end) {
  for (const Area* area = find(VirtualAddress()); area != nullptr; area = AreaTree::next(*area)) {
    if (area->object.get() != &object) {
      continue;
    }
    const Part part = part_of(*area, first, end);
    for (VirtualAddress at = part.start; const auto found = hal::next_mapping(at, part.end);) {
      at = found->start + page_size;
      if (frames().owner(found->leaf.frame) != private_copy_owner) {
        resident_ -= release_pages(*area, found->start, at);
      }
    }
  }
}

} // namespace skerry::mm
