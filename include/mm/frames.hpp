// SPDX-License-Identifier: Apache-2.0
// The machine's physical memory, in frames of 4 KiB: who wants memory of whatever kind gets it from
// here. The kernel reaches every frame through hal::direct_map().
#pragma once

#include <core/result.hpp>
#include <hal/paging.hpp>
#include <kernel/boot.hpp>
#include <kernel/locked.hpp>
#include <mm/address.hpp>
#include <mm/frame_table.hpp>
#include <mm/free_frames.hpp>

#include <cstddef>
#include <cstdint>

namespace skerry::mm {

/// Counts of frames, but for `largest_block_bytes`.
struct FrameStatistics {
  std::uint64_t total = 0; ///< usable memory that was found, the image and such left out
  std::uint64_t free = 0;
  std::uint64_t table = 0; ///< of the total, those that hold the frame table
  std::uint64_t lost = 0;  ///< usable, but in pieces too small or out of the direct map's reach
  std::uint64_t largest_block_bytes = 0;
};

/// Gives out frames. Context: thread and boot, interrupts on or off. Never blocks.
///
/// Whoever frees a frame that was not given out, or frees it twice, stops the machine: that is a
/// bug in Skerry.
class Frames final : public hal::TableFrames {
public:
  constexpr Frames() : free_(LockRank::frames, table_) {}

  /// Takes over the usable memory of `info` except page 0 and what boot left in it: image, page
  /// tables, modules. Called once, when the direct map is in place.
  void initialize(const kernel::BootInfo& info);

  /// A block of 2^order frames, aligned to its size (order ≤ max_frame_order). Not zeroed.
  /// Errors: not_enough_memory
  [[nodiscard]] Result<PhysicalAddress> allocate(unsigned order = 0, Zone zone = Zone::any);
  /// The same, filled with zeros.
  [[nodiscard]] Result<PhysicalAddress> allocate_zeroed(unsigned order = 0, Zone zone = Zone::any);
  /// Takes back a block that allocate() gave with the same order.
  void free(PhysicalAddress block, unsigned order = 0);

  /// `count` frames in a row, neither rounded up nor zeroed, at most 2^max_frame_order of them.
  /// Aligned to the next power of two of their number.
  /// Errors: not_enough_memory
  [[nodiscard]] Result<PhysicalAddress> allocate_run(std::size_t count, Zone zone = Zone::any);
  void free_run(PhysicalAddress first, std::size_t count);

  /// Turns a block that was given out into single frames that can be freed one by one.
  void split(PhysicalAddress block, unsigned order);

  /// A word (FrameRecord::owner_bits wide) that the owner of a block may keep with it. 0 when the
  /// block was just given out. Any context; the owner sees to it that nobody else writes.
  void set_owner(PhysicalAddress block, std::uint64_t word);
  /// The word, or 0 when `block` is not the start of a block that was given out.
  [[nodiscard]] std::uint64_t owner(PhysicalAddress block) const;

  /// Where the kernel reaches a frame of usable memory, as hal::direct_map() says.
  template <class T> [[nodiscard]] T* pointer(PhysicalAddress address) const {
    return table_.pointer_to<T>(address);
  }
  /// The inverse. For a pointer from elsewhere the result is no usable memory.
  [[nodiscard]] PhysicalAddress physical(const void* pointer) const {
    return table_.physical(VirtualAddress(pointer));
  }

  Result<PhysicalAddress> allocate_table() override { return allocate_zeroed(); }
  void free_table(PhysicalAddress frame) override { free(frame); }

  [[nodiscard]] FrameStatistics statistics();
  /// Two of the statistics, at less cost.
  [[nodiscard]] std::uint64_t free_count() { return free_.lock()->free_count(); }
  [[nodiscard]] std::uint64_t total_count() const { return fixed_.total; }

private:
  class Intake;

  FrameTable table_; // immutable after boot; a record belongs to whoever has the frame
  Locked<FreeFrames> free_;
  FrameStatistics fixed_; // of these, what does not change after boot
};

namespace detail {
extern constinit Frames the_frames;
}

/// The frames of this machine.
[[nodiscard]] constexpr Frames& frames() {
  return detail::the_frames;
}

} // namespace skerry::mm
