// SPDX-License-Identifier: Apache-2.0
// See the header.
#include "src/fs/page_tree.hpp"

#include <core/assert.hpp>
#include <mm/frames.hpp>
#include <mm/heap.hpp>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstring>

namespace skerry::fs {
namespace {

// The slot of a page.
constexpr unsigned use_bits = 24;
constexpr std::uint64_t max_uses = (std::uint64_t{1} << use_bits) - 1;
/// Mappings may use a page so often; what is left is for transfers, of which a thread has one.
constexpr std::uint64_t max_mappings = max_uses - (std::uint64_t{1} << 20);

constinit std::atomic<std::uint64_t> pages_used = 0;

mm::PhysicalAddress frame_of(std::uint64_t slot) {
  return mm::PhysicalAddress(slot >> use_bits << mm::page_bits);
}

/// Pages below one slot of a level with `height` levels from itself down.
constexpr std::uint64_t span_of(unsigned height, unsigned bits) {
  return std::uint64_t{1} << (bits * (height - 1));
}

} // namespace

PageBudget page_budget() {
  return {pages_used.load(std::memory_order_relaxed), mm::frames().total_count() / 2};
}

std::uint64_t* PageTree::find(std::uint64_t index) const {
  if (height_ == 0 || index / ways >= span_of(height_, bits)) {
    return nullptr;
  }
  Level* level = root_;
  for (unsigned height = height_; height > 1; --height) {
    const std::uint64_t slot = level->slots[(index >> (bits * (height - 1))) % ways];
    if (slot == 0) {
      return nullptr;
    }
    level = std::bit_cast<Level*>(slot);
  }
  std::uint64_t& slot = level->slots[index % ways];
  return slot != 0 ? &slot : nullptr;
}

Result<> PageTree::grow(std::uint64_t index) {
  while (height_ == 0 || index / ways >= span_of(height_, bits)) {
    Level* level = TRY(mm::make_owned<Level>()).release();
    level->slots[0] = std::bit_cast<std::uint64_t>(root_);
    root_ = level;
    ++height_;
  }
  return {};
}

Result<std::uint64_t*> PageTree::find_or_make(std::uint64_t index) {
  TRY(grow(index));
  Level* level = root_;
  for (unsigned height = height_; height > 1; --height) {
    std::uint64_t& slot = level->slots[(index >> (bits * (height - 1))) % ways];
    if (slot == 0) {
      slot = std::bit_cast<std::uint64_t>(TRY(mm::make_owned<Level>()).release());
    }
    level = std::bit_cast<Level*>(slot);
  }
  return &level->slots[index % ways];
}

std::optional<mm::PhysicalAddress> PageTree::take(std::uint64_t index) {
  std::uint64_t* slot = find(index);
  if (slot == nullptr) {
    return std::nullopt;
  }
  SKERRY_ASSERT((*slot & max_uses) != max_uses);
  ++*slot;
  return frame_of(*slot);
}

Result<mm::PhysicalAddress> PageTree::take_or_make(std::uint64_t index) {
  std::uint64_t* slot = TRY(find_or_make(index));
  if (*slot == 0) {
    if (pages_used.fetch_add(1, std::memory_order_relaxed) >= page_budget().limit) {
      pages_used.fetch_sub(1, std::memory_order_relaxed);
      return fail(std::errc::no_space_on_device);
    }
    const auto frame = mm::frames().allocate_zeroed();
    if (!frame) {
      pages_used.fetch_sub(1, std::memory_order_relaxed);
      return frame;
    }
    *slot = frame->value() >> mm::page_bits << use_bits;
    ++count_;
  }
  if ((*slot & max_uses) >= max_mappings) {
    return fail(std::errc::not_enough_memory);
  }
  ++*slot;
  return frame_of(*slot);
}

void PageTree::give_back(std::uint64_t index) {
  std::uint64_t* slot = find(index);
  SKERRY_ASSERT(slot != nullptr && (*slot & max_uses) != 0);
  --*slot;
}

/// Returns whether the slot is empty now.
bool PageTree::clear_page(std::uint64_t& slot) {
  if (slot == 0) {
    return true;
  }
  if ((slot & max_uses) != 0) {
    std::memset(mm::frames().pointer<std::byte>(frame_of(slot)), 0, mm::page_size);
    return false;
  }
  mm::frames().free(frame_of(slot));
  pages_used.fetch_sub(1, std::memory_order_relaxed);
  --count_;
  slot = 0;
  return true;
}

/// Returns whether the level is empty now.
bool PageTree::clear(Level& level, unsigned height, std::uint64_t base, std::uint64_t first,
                     std::uint64_t end) {
  const std::uint64_t span = span_of(height, bits);
  bool is_empty = true;
  for (std::size_t i = 0; i < ways; ++i) {
    std::uint64_t& slot = level.slots[i];
    const std::uint64_t start = base + i * span;
    if (slot == 0 || start >= end || start + span <= first) {
      is_empty = is_empty && slot == 0;
    } else if (height == 1) {
      is_empty = clear_page(slot) && is_empty;
    } else if (auto* below = std::bit_cast<Level*>(slot);
               clear(*below, height - 1, start, first, end)) {
      const mm::Owned<Level> last_owner(below);
      slot = 0;
    } else {
      is_empty = false;
    }
  }
  return is_empty;
}

void PageTree::clear(std::uint64_t first, std::uint64_t end) {
  if (root_ != nullptr && clear(*root_, height_, 0, first, end)) {
    const mm::Owned<Level> last_owner(root_);
    root_ = nullptr;
    height_ = 0;
  }
}

std::optional<std::uint64_t> PageTree::next_present(const Level& level, unsigned height,
                                                    std::uint64_t base, std::uint64_t first,
                                                    std::uint64_t end) {
  const std::uint64_t span = span_of(height, bits);
  const std::uint64_t skipped = first > base ? (first - base) / span : 0;
  for (std::uint64_t i = skipped; i < ways && base + i * span < end; ++i) {
    if (level.slots[i] == 0) {
      continue;
    }
    const std::uint64_t start = base + i * span;
    if (height == 1) {
      return start;
    }
    const auto* below = std::bit_cast<const Level*>(level.slots[i]);
    if (const auto found = next_present(*below, height - 1, start, first, end)) {
      return found;
    }
  }
  return std::nullopt;
}

std::optional<std::uint64_t> PageTree::next_present(std::uint64_t first, std::uint64_t end) const {
  return root_ == nullptr ? std::nullopt : next_present(*root_, height_, 0, first, end);
}

} // namespace skerry::fs
