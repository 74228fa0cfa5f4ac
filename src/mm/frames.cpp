// SPDX-License-Identifier: Apache-2.0
// The frame allocator's door: what of the firmware's map it takes over, locking and zeroing.
#include <core/assert.hpp>
#include <mm/frames.hpp>

#include <algorithm>
#include <array>
#include <cstring>

namespace skerry::mm {
namespace {

/// A run of frames from `first` up to, but not including, `end`.
struct FrameRun {
  FrameNumber first = 0;
  FrameNumber end = 0;
};

/// No range crosses 4 GiB, so that it lies in one zone, nor 512 GiB, so that indices are short.
constexpr FrameNumber four_gib = FrameNumber{1} << (32 - page_bits);
constexpr FrameNumber longest_range = FrameNumber{1} << (39 - page_bits);

FrameRun whole_frames_in(const PhysicalRange& range) {
  return {pages_for(range.start.value()), range.end().value() >> page_bits};
}

FrameRun frames_touched_by(const PhysicalRange& range) {
  return {range.start.value() >> page_bits, pages_for(range.end().value())};
}

/// What boot left in usable memory, sorted by address.
class Occupied {
public:
  explicit Occupied(const kernel::BootInfo& info) {
    insert({0, 1});
    insert(frames_touched_by(info.image));
    insert(frames_touched_by(info.early_frames));
    for (std::size_t i = 0; i < info.module_count; ++i) {
      insert(frames_touched_by(info.modules[i].range));
    }
  }

  /// Calls `use(FrameRun)` for the parts of `run` that are not occupied.
  template <class Use> void for_each_gap(FrameRun run, Use use) const {
    for (std::size_t i = 0; i < count_; ++i) {
      if (runs_[i].first > run.first && run.first < run.end) {
        use(FrameRun{run.first, std::min(run.end, runs_[i].first)});
      }
      run.first = std::max(run.first, runs_[i].end);
    }
    if (run.first < run.end) {
      use(run);
    }
  }

private:
  void insert(FrameRun run) {
    if (run.first == run.end) {
      return;
    }
    std::size_t at = count_++;
    for (; at > 0 && runs_[at - 1].first > run.first; --at) {
      runs_[at] = runs_[at - 1];
    }
    runs_[at] = run;
  }

  std::array<FrameRun, 3 + kernel::BootInfo::max_modules> runs_{};
  std::size_t count_ = 0;
};

} // namespace

/// Joins neighbouring runs of the firmware's map and cuts them to what a range can be.
class Frames::Intake {
public:
  Intake(Frames& frames, std::uint64_t direct_map_size)
      : frames_(frames), limit_(direct_map_size >> page_bits) {}

  void add(FrameRun run) {
    if (run.first == pending_.end) {
      pending_.end = run.end;
      return;
    }
    finish();
    pending_ = run;
  }

  void finish() {
    while (pending_.first < pending_.end) {
      const FrameNumber cut = pending_.first < four_gib
                                  ? four_gib
                                  : align_down(pending_.first, longest_range) + longest_range;
      const FrameNumber end = std::min(pending_.end, cut);
      add_range({pending_.first, end});
      pending_.first = end;
    }
  }

private:
  void add_range(FrameRun run) {
    const FrameNumber end = std::min(run.end, std::max(limit_, run.first));
    FrameRange* range = run.first < end ? frames_.table_.add(run.first, end) : nullptr;
    if (range == nullptr) {
      frames_.fixed_.lost += run.end - run.first;
      return;
    }
    frames_.fixed_.lost += run.end - end;
    frames_.fixed_.total += end - run.first;
    frames_.fixed_.table += range->table_frames();
    frames_.free_.lock()->seed(*range);
  }

  Frames& frames_;
  FrameNumber limit_;
  FrameRun pending_;
};

void Frames::initialize(const kernel::BootInfo& info) {
  SKERRY_ASSERT(table_.ranges().empty());
  table_.set_direct_map(info.direct_map);
  const Occupied occupied(info);
  Intake intake(*this, info.direct_map_size);
  for (const kernel::MemoryRange& entry : info.memory()) {
    const FrameRun run = whole_frames_in(entry.range);
    if (entry.kind == kernel::MemoryKind::usable && run.first < run.end) {
      occupied.for_each_gap(run, [&](FrameRun gap) { intake.add(gap); });
    }
  }
  intake.finish();
}

Result<PhysicalAddress> Frames::allocate(unsigned order, Zone zone) {
  SKERRY_ASSERT(order <= max_frame_order);
  const std::optional<FrameNumber> frame = free_.lock()->allocate(order, zone);
  if (!frame) {
    return fail(std::errc::not_enough_memory);
  }
  return PhysicalAddress(*frame << page_bits);
}

Result<PhysicalAddress> Frames::allocate_zeroed(unsigned order, Zone zone) {
  const PhysicalAddress block = TRY(allocate(order, zone));
  std::memset(table_.pointer_to<void>(block), 0, page_size << order);
  return block;
}

void Frames::free(PhysicalAddress block, unsigned order) {
  SKERRY_ASSERT(block.is_page_aligned() && order <= max_frame_order);
  free_.lock()->release(block.value() >> page_bits, order);
}

Result<PhysicalAddress> Frames::allocate_run(std::size_t count, Zone zone) {
  const std::optional<FrameNumber> frame = free_.lock()->allocate_run(count, zone);
  if (!frame) {
    return fail(std::errc::not_enough_memory);
  }
  return PhysicalAddress(*frame << page_bits);
}

void Frames::free_run(PhysicalAddress first, std::size_t count) {
  SKERRY_ASSERT(first.is_page_aligned());
  free_.lock()->release_run(first.value() >> page_bits, count);
}

void Frames::split(PhysicalAddress block, unsigned order) {
  SKERRY_ASSERT(block.is_page_aligned() && order <= max_frame_order);
  free_.lock()->split_allocated(block.value() >> page_bits, order);
}

void Frames::set_owner(PhysicalAddress block, std::uint64_t word) {
  const FrameNumber frame = block.value() >> page_bits;
  FrameRange* range = table_.find(frame);
  SKERRY_ASSERT(range != nullptr);
  SKERRY_ASSERT((word >> FrameRecord::owner_bits) == 0);
  // Whoever frees the neighbour looks at this record, too.
  const auto guard = free_.lock();
  FrameRecord& record = range->record(frame);
  SKERRY_ASSERT(record.state() == FrameRecord::State::allocated);
  record.set_owner(word);
}

std::uint64_t Frames::owner(PhysicalAddress block) const {
  const FrameNumber frame = block.value() >> page_bits;
  FrameRange* range = table_.find(frame);
  if (range == nullptr) {
    return 0;
  }
  const FrameRecord record = range->record(frame);
  return record.state() == FrameRecord::State::allocated ? record.owner() : 0;
}

FrameStatistics Frames::statistics() {
  FrameStatistics result = fixed_;
  auto free = free_.lock();
  result.free = free->free_count();
  if (const std::optional<unsigned> order = free->largest_order()) {
    result.largest_block_bytes = page_size << *order;
  }
  return result;
}

constinit Frames detail::the_frames;

} // namespace skerry::mm
