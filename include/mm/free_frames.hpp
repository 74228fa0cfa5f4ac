// SPDX-License-Identifier: Apache-2.0
// The free frames of the machine as a buddy system: blocks of 2^order frames, aligned to their own
// size, split on demand and merged with their neighbour when both are free again.
#pragma once

#include <mm/frame_table.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace skerry::mm {

/// Where frames may lie.
enum class Zone : std::uint8_t {
  any,
  below_4_gib, ///< for devices that know 32-bit addresses only
};

/// Gives out and takes back frames of a FrameTable. Not synchronised.
///
/// Records of a free block larger than 2 MiB are valid for its first frame only: they are cleared
/// when the block is split or given out. So boot does not touch memory in proportion to its size.
class FreeFrames {
public:
  constexpr explicit FreeFrames(FrameTable& table) : table_(table) {}

  /// Gives all frames of `range`, which was just added to the table, but those of its records.
  void seed(FrameRange& range);

  /// A block of 2^order frames, or nothing. Its owner's word is 0.
  std::optional<FrameNumber> allocate(unsigned order, Zone zone);
  /// `count` frames in a row, cut to exactly that number.
  std::optional<FrameNumber> allocate_run(std::uint64_t count, Zone zone);

  /// Takes back what allocate() gave. Stops the machine when it did not give it, or has it back.
  void release(FrameNumber frame, unsigned order);
  void release_run(FrameNumber frame, std::uint64_t count);
  /// Turns a block that was given out into single frames, to be released one by one.
  void split_allocated(FrameNumber frame, unsigned order);

  [[nodiscard]] std::uint64_t free_count() const { return free_count_; }
  /// Order of the largest block that could be given out; nothing when no frame is free.
  [[nodiscard]] std::optional<unsigned> largest_order();
  /// Gives the cached frames back to the lists, so that they merge with their neighbours.
  void drain_cache();

private:
  static constexpr std::size_t mask_words = FrameTable::max_ranges / 64;
  static constexpr std::size_t cache_size = 64;

  std::optional<FrameNumber> take(unsigned order, Zone zone);
  std::optional<FrameNumber> take_from_lists(unsigned order, Zone zone);
  [[nodiscard]] FrameRange* find_range(unsigned order, Zone zone) const;
  void cut(FrameRange& range, FrameNumber frame, unsigned from, unsigned to);
  void insert(FrameRange& range, FrameNumber frame, unsigned order);
  void remove(FrameRange& range, FrameNumber frame, unsigned order);
  void merge_and_insert(FrameRange& range, FrameNumber frame, unsigned order);
  void insert_blocks(FrameRange& range, FrameNumber first, FrameNumber end);
  void cache(FrameRange& range, FrameNumber frame);
  void drain_cache_to(std::size_t remaining);
  [[nodiscard]] FrameRange& checked_owner_of(FrameNumber frame, unsigned order) const;

  FrameTable& table_;
  std::uint64_t free_count_ = 0;
  /// For each order one bit a range: the range has a free block of that order.
  std::array<std::array<std::uint64_t, mask_words>, max_frame_order + 1> ranges_with_{};
  /// Bits of the ranges that lie below 4 GiB.
  std::array<std::uint64_t, mask_words> low_ranges_{};
  /// Single frames that were freed last. They are still warm, and giving them out again neither
  /// splits nor merges anything.
  std::array<FrameNumber, cache_size> cache_{};
  std::size_t cached_ = 0;
};

} // namespace skerry::mm
