// SPDX-License-Identifier: Apache-2.0
// The buddy system (Knowlton 1965; Knuth, TAOCP 1, 2.5) over ranges that lie apart.
#include <core/assert.hpp>
#include <core/format.hpp>
#include <mm/free_frames.hpp>

#include <cstring>

namespace skerry::mm {
namespace {

constexpr FrameNumber four_gib = FrameNumber{1} << (32 - page_bits);

/// Calls `use(first, order)` for the largest aligned blocks that make up the frames.
template <class Use> void for_each_block(FrameNumber first, FrameNumber end, Use use) {
  while (first < end) {
    const unsigned order = largest_order_at(first, end);
    use(first, order);
    first += frames_in(order);
  }
}

void clear_records(FrameRange& range, FrameNumber first, std::uint64_t count) {
  std::memset(static_cast<void*>(&range.record(first)), 0, count * sizeof(FrameRecord));
}

[[noreturn]] void misused(std::string_view what, FrameNumber frame, unsigned order) {
  char text[128];
  panic(format_to(text, "mm: frame {:#x}, order {}, is freed but {}", frame << page_bits, order,
                  what));
}

} // namespace

void FreeFrames::seed(FrameRange& range) {
  const std::size_t position = range.position();
  if (range.end() <= four_gib) {
    low_ranges_[position / 64] |= bit(position % 64);
  }
  const FrameNumber first = range.first() + range.table_frames();
  for_each_block(first, range.end(), [&](FrameNumber block, unsigned order) {
    if (order <= large_page_order) {
      clear_records(range, block, frames_in(order));
    }
    insert(range, block, order);
  });
  free_count_ += range.end() - first;
}

std::optional<FrameNumber> FreeFrames::allocate(unsigned order, Zone zone) {
  if (order == 0 && zone == Zone::any && cached_ != 0) {
    const FrameNumber frame = cache_[--cached_];
    table_.find(frame)->record(frame) = FrameRecord::allocated_block(0);
    --free_count_;
    return frame;
  }
  const std::optional<FrameNumber> frame = take(order, zone);
  if (frame) {
    table_.find(*frame)->record(*frame) = FrameRecord::allocated_block(order);
    free_count_ -= frames_in(order);
  }
  return frame;
}

std::optional<FrameNumber> FreeFrames::allocate_run(std::uint64_t count, Zone zone) {
  if (count == 0 || count > frames_in(max_frame_order)) {
    return std::nullopt;
  }
  const auto order = static_cast<unsigned>(std::bit_width(count - 1));
  const std::optional<FrameNumber> frame = take(order, zone);
  if (!frame) {
    return std::nullopt;
  }
  FrameRange& range = *table_.find(*frame);
  for_each_block(*frame, *frame + count, [&](FrameNumber block, unsigned block_order) {
    range.record(block) = FrameRecord::allocated_block(block_order);
  });
  insert_blocks(range, *frame + count, *frame + frames_in(order));
  free_count_ -= count;
  return frame;
}

void FreeFrames::release(FrameNumber frame, unsigned order) {
  FrameRange& range = checked_owner_of(frame, order);
  free_count_ += frames_in(order);
  if (order == 0) {
    cache(range, frame);
  } else {
    merge_and_insert(range, frame, order);
  }
}

void FreeFrames::release_run(FrameNumber frame, std::uint64_t count) {
  for_each_block(frame, frame + count,
                 [this](FrameNumber block, unsigned order) { release(block, order); });
}

void FreeFrames::split_allocated(FrameNumber frame, unsigned order) {
  FrameRange& range = checked_owner_of(frame, order);
  for (FrameNumber i = frame; i < frame + frames_in(order); ++i) {
    range.record(i) = FrameRecord::allocated_block(0);
  }
}

std::optional<unsigned> FreeFrames::largest_order() {
  for (unsigned order = max_frame_order + 1; order-- > 0;) {
    if (find_range(order, Zone::any) != nullptr) {
      return order;
    }
  }
  return cached_ != 0 ? std::optional<unsigned>(0) : std::nullopt;
}

std::optional<FrameNumber> FreeFrames::take(unsigned order, Zone zone) {
  const std::optional<FrameNumber> frame = take_from_lists(order, zone);
  if (frame || cached_ == 0) {
    return frame;
  }
  // What is missing may be cached, or needs a cached frame to become whole.
  drain_cache();
  return take_from_lists(order, zone);
}

std::optional<FrameNumber> FreeFrames::take_from_lists(unsigned order, Zone zone) {
  for (unsigned found = order; found <= max_frame_order; ++found) {
    FrameRange* range = find_range(found, zone);
    if (range == nullptr) {
      continue;
    }
    const FrameNumber frame = range->front(found);
    remove(*range, frame, found);
    cut(*range, frame, found, order);
    if (order > large_page_order) {
      clear_records(*range, frame, frames_in(order));
    }
    return frame;
  }
  return std::nullopt;
}

/// The highest range with a free block, so that memory which old devices can reach is left.
FrameRange* FreeFrames::find_range(unsigned order, Zone zone) const {
  for (std::size_t word = mask_words; word-- > 0;) {
    std::uint64_t candidates = ranges_with_[order][word];
    if (zone == Zone::below_4_gib) {
      candidates &= low_ranges_[word];
    }
    if (candidates != 0) {
      const auto highest = static_cast<std::size_t>(std::bit_width(candidates)) - 1;
      return table_.ranges()[word * 64 + highest];
    }
  }
  return nullptr;
}

/// Gives back the upper halves of a block until only 2^to frames are left.
void FreeFrames::cut(FrameRange& range, FrameNumber frame, unsigned from, unsigned to) {
  for (unsigned order = from; order-- > to;) {
    if (order == large_page_order) {
      clear_records(range, frame, frames_in(order + 1));
    }
    insert(range, frame + frames_in(order), order);
  }
}

void FreeFrames::insert(FrameRange& range, FrameNumber frame, unsigned order) {
  range.push_free(frame, order);
  const std::size_t position = range.position();
  ranges_with_[order][position / 64] |= bit(position % 64);
}

void FreeFrames::remove(FrameRange& range, FrameNumber frame, unsigned order) {
  range.remove_free(frame);
  if (!range.has_free(order)) {
    const std::size_t position = range.position();
    ranges_with_[order][position / 64] &= ~bit(position % 64);
  }
}

void FreeFrames::merge_and_insert(FrameRange& range, FrameNumber frame, unsigned order) {
  for (; order < max_frame_order; ++order) {
    const FrameNumber buddy = frame ^ frames_in(order);
    if (!range.contains(buddy)) {
      break;
    }
    FrameRecord& record = range.record(buddy);
    if (record.state() != FrameRecord::State::free || record.order() != order) {
      break;
    }
    remove(range, buddy, order);
    record = FrameRecord();
    range.record(frame) = FrameRecord();
    frame = frame < buddy ? frame : buddy;
  }
  insert(range, frame, order);
}

void FreeFrames::insert_blocks(FrameRange& range, FrameNumber first, FrameNumber end) {
  for_each_block(first, end,
                 [&](FrameNumber block, unsigned order) { insert(range, block, order); });
}

void FreeFrames::cache(FrameRange& range, FrameNumber frame) {
  if (cached_ == cache_size) {
    drain_cache_to(cache_size / 2);
  }
  range.record(frame) = FrameRecord::cached_frame();
  cache_[cached_++] = frame;
}

void FreeFrames::drain_cache() {
  drain_cache_to(0);
}

void FreeFrames::drain_cache_to(std::size_t remaining) {
  while (cached_ > remaining) {
    const FrameNumber frame = cache_[--cached_];
    merge_and_insert(*table_.find(frame), frame, 0);
  }
}

/// The range of a block that is about to be freed, after a look at whether that may be.
FrameRange& FreeFrames::checked_owner_of(FrameNumber frame, unsigned order) const {
  FrameRange* range = table_.find(frame);
  if (range == nullptr) {
    misused("is no usable memory", frame, order);
  }
  const FrameRecord record = range->record(frame);
  switch (record.state()) {
  case FrameRecord::State::allocated:
    if (record.order() != order) {
      misused("was given out with another order", frame, order);
    }
    return *range;
  case FrameRecord::State::free:
  case FrameRecord::State::cached:
    misused("is free already", frame, order);
  case FrameRecord::State::table:
    misused("holds the frame table", frame, order);
  case FrameRecord::State::inner:
    break;
  }
  misused("lies inside a larger block", frame, order);
}

} // namespace skerry::mm
