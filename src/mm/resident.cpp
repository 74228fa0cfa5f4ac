// SPDX-License-Identifier: Apache-2.0
// Frames and leaves go together: a leaf of 2 MiB holds one block of that size, one of 4 KiB a
// single frame.
#include "src/mm/resident.hpp"

#include <core/assert.hpp>
#include <mm/frames.hpp>

#include <algorithm>
#include <array>

namespace skerry::mm {
namespace {

/// Unmaps where no leaf must be split, which cannot fail.
void unmap(VirtualAddress start, VirtualAddress end) {
  const Result<> unmapped = hal::unmap_pages(start, (end - start) >> page_bits);
  SKERRY_ASSERT(unmapped.has_value());
}

/// A leaf that is about to go.
struct Leaf {
  VirtualAddress start;
  PhysicalAddress frame;
  std::size_t size_bytes = 0;
};

void release_frame(const Area& area, const Leaf& leaf) {
  if (leaf.size_bytes == large_page_size) {
    frames().free(leaf.frame, large_page_order);
  } else if (!area.object || frames().owner(leaf.frame) == private_copy_owner) {
    frames().free(leaf.frame);
  } else {
    area.object->give_back_page(area.object_page_at(leaf.start));
  }
}

/// A few leaves in a row of addresses.
class Batch {
public:
  /// Fills the batch from [start, end) and returns where the next one begins.
  VirtualAddress fill(VirtualAddress start, VirtualAddress end) {
    count_ = 0;
    while (count_ < leaves_.size() && start < end) {
      const auto found = hal::next_mapping(start, end);
      if (!found) {
        return end;
      }
      leaves_[count_++] = {found->start, found->leaf.frame, found->leaf.size_bytes};
      start = found->start + found->leaf.size_bytes;
    }
    return start;
  }
  [[nodiscard]] std::span<const Leaf> leaves() const { return {leaves_.data(), count_}; }

private:
  std::array<Leaf, 16> leaves_;
  std::size_t count_ = 0;
};

} // namespace

Result<> isolate_leaf(VirtualAddress address) {
  const auto leaf = hal::find_mapping(address);
  if (!leaf || leaf->size_bytes == page_size || is_aligned(address.value(), leaf->size_bytes)) {
    return {};
  }
  // To give a part of the leaf the rights that it has splits it, and changes nothing else.
  const VirtualAddress start(align_down(address.value(), leaf->size_bytes));
  TRY(hal::protect_pages(start, (address - start) >> page_bits, leaf->access));
  frames().split(leaf->frame, large_page_order);
  return {};
}

std::uint64_t release_pages(const Area& area, VirtualAddress start, VirtualAddress end) {
  std::uint64_t pages = 0;
  Batch batch;
  while (start < end) {
    const VirtualAddress next = batch.fill(start, end);
    if (!batch.leaves().empty()) {
      unmap(start, next); // before the frames are anybody else's
    }
    for (const Leaf& leaf : batch.leaves()) {
      release_frame(area, leaf);
      pages += leaf.size_bytes >> page_bits;
    }
    start = next;
  }
  return pages;
}

Result<> move_pages(VirtualAddress start, VirtualAddress end, VirtualAddress to) {
  // Everything is mapped twice for a moment, so that nothing is lost when tables run out.
  for (VirtualAddress at = start; const auto found = hal::next_mapping(at, end);) {
    const auto& [from, leaf] = *found;
    const Result<> mapped =
        hal::map_pages(to + (from - start), leaf.frame, leaf.size_bytes >> page_bits, leaf.access);
    if (!mapped) {
      if (from > start) {
        unmap(to, to + (from - start));
      }
      return mapped;
    }
    at = from + leaf.size_bytes;
  }
  for (VirtualAddress at = start; const auto found = hal::next_mapping(at, end);) {
    const auto& [from, leaf] = *found;
    const bool was_split = hal::find_mapping(to + (from - start))->size_bytes < leaf.size_bytes;
    if (was_split) {
      frames().split(leaf.frame, large_page_order);
    }
    at = from + leaf.size_bytes;
  }
  unmap(start, end);
  return {};
}

} // namespace skerry::mm
