// SPDX-License-Identifier: Apache-2.0
// The ranges of usable frames and the lists of free blocks inside each.
#include <core/assert.hpp>
#include <mm/frame_table.hpp>

#include <new>

namespace skerry::mm {

std::uint64_t FrameRange::table_frames_for(std::uint64_t count) {
  return pages_for(sizeof(FrameRange) + count * sizeof(FrameRecord));
}

void FrameRange::push_free(FrameNumber frame, unsigned order) {
  const std::uint32_t index = index_of(frame);
  const std::uint32_t next = heads_[order];
  record_at(index) = FrameRecord::free_block(order, next);
  if (next != none) {
    record_at(next).set_previous(index);
  }
  heads_[order] = index;
}

void FrameRange::remove_free(FrameNumber frame) {
  const FrameRecord record = record_at(index_of(frame));
  if (record.previous() == none) {
    heads_[record.order()] = record.next();
  } else {
    record_at(record.previous()).set_next(record.next());
  }
  if (record.next() != none) {
    record_at(record.next()).set_previous(record.previous());
  }
}

FrameRange* FrameTable::add(FrameNumber first, FrameNumber end) {
  SKERRY_ASSERT(count_ == 0 || ranges_[count_ - 1]->end() <= first);
  SKERRY_ASSERT(end - first < FrameRecord::none);
  const std::uint64_t table_frames = FrameRange::table_frames_for(end - first);
  if (count_ == max_ranges || table_frames >= end - first) {
    return nullptr;
  }
  // SAFETY: the frames are usable memory that nobody else has, mapped by the direct map, and there
  // are enough of them for the object and all records.
  auto* range =
      new (pointer_to<void>(PhysicalAddress(first << page_bits))) FrameRange(first, end, count_);
  for (std::uint64_t i = 0; i < table_frames; ++i) {
    range->record(first + i) = FrameRecord::table_frame();
  }
  ranges_[count_++] = range;
  return range;
}

FrameRange* FrameTable::find(FrameNumber frame) const {
  std::size_t low = 0;
  std::size_t high = count_;
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (ranges_[middle]->end() <= frame) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < count_ && ranges_[low]->contains(frame) ? ranges_[low] : nullptr;
}

} // namespace skerry::mm
