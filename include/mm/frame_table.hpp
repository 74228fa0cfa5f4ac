// SPDX-License-Identifier: Apache-2.0
// What is known about each frame: eight bytes in an array that lies in the range it describes.
// Memory in firmware maps is scattered, so there is one array for each contiguous range.
#pragma once

#include <mm/address.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace skerry::mm {

/// Number of a frame: its physical address divided by the page size.
using FrameNumber = std::uint64_t;

/// Blocks of frames have 2^order frames, from 4 KiB to 128 MiB.
inline constexpr unsigned max_frame_order = 15;
inline constexpr unsigned large_page_order = 9;

[[nodiscard]] constexpr std::uint64_t frames_in(unsigned order) {
  return std::uint64_t{1} << order;
}

/// The block of a given alignment that starts at `first` and does not pass `end`.
[[nodiscard]] constexpr unsigned largest_order_at(FrameNumber first, FrameNumber end) {
  const unsigned by_size = static_cast<unsigned>(std::bit_width(end - first)) - 1;
  const unsigned by_alignment =
      first == 0 ? max_frame_order : static_cast<unsigned>(std::countr_zero(first));
  const unsigned order = by_size < by_alignment ? by_size : by_alignment;
  return order < max_frame_order ? order : max_frame_order;
}

/// State of one frame, packed into a word. All zeros is a frame inside a block.
class FrameRecord {
public:
  enum class State : std::uint8_t {
    inner,     ///< inside a block whose first frame has the record that counts
    free,      ///< first of a free block; has neighbours in the list of its order
    cached,    ///< a single free frame outside the lists
    allocated, ///< first of a block that was given out; carries the owner's word
    table,     ///< holds records
  };
  /// An index that stands for "none" in the list of free blocks.
  static constexpr std::uint32_t none = (1U << 28) - 1;
  static constexpr unsigned owner_bits = 56;

  constexpr FrameRecord() = default;
  static constexpr FrameRecord free_block(unsigned order, std::uint32_t next) {
    return FrameRecord(State::free, order, next | std::uint64_t{none} << 28);
  }
  static constexpr FrameRecord cached_frame() { return FrameRecord(State::cached, 0, 0); }
  static constexpr FrameRecord allocated_block(unsigned order) {
    return FrameRecord(State::allocated, order, 0);
  }
  static constexpr FrameRecord table_frame() { return FrameRecord(State::table, 0, 0); }

  [[nodiscard]] constexpr State state() const { return static_cast<State>(word_ & 0xf); }
  [[nodiscard]] constexpr unsigned order() const { return (word_ >> 4) & 0xf; }
  [[nodiscard]] constexpr std::uint32_t next() const { return (word_ >> 8) & none; }
  [[nodiscard]] constexpr std::uint32_t previous() const { return (word_ >> 36) & none; }
  [[nodiscard]] constexpr std::uint64_t owner() const { return word_ >> 8; }

  constexpr void set_next(std::uint32_t index) {
    word_ = (word_ & ~(std::uint64_t{none} << 8)) | std::uint64_t{index} << 8;
  }
  constexpr void set_previous(std::uint32_t index) {
    word_ = (word_ & ~(std::uint64_t{none} << 36)) | std::uint64_t{index} << 36;
  }
  /// Sets the word of an allocated block's owner; it has owner_bits bits.
  constexpr void set_owner(std::uint64_t owner) { word_ = (word_ & 0xff) | owner << 8; }

private:
  constexpr FrameRecord(State state, unsigned order, std::uint64_t rest)
      : word_(static_cast<std::uint64_t>(state) | std::uint64_t{order} << 4 | rest << 8) {}

  std::uint64_t word_ = 0;
};
static_assert(sizeof(FrameRecord) == 8);

/// A contiguous run of usable frames. Lies at the start of the run, with its records behind it.
class FrameRange {
public:
  FrameRange(FrameNumber first, FrameNumber end, std::size_t position)
      : first_(first), end_(end), position_(position) {
    heads_.fill(none);
  }

  [[nodiscard]] FrameNumber first() const { return first_; }
  [[nodiscard]] FrameNumber end() const { return end_; }
  [[nodiscard]] bool contains(FrameNumber frame) const { return frame >= first_ && frame < end_; }
  /// Which of the table's ranges it is.
  [[nodiscard]] std::size_t position() const { return position_; }
  /// Frames at the start that hold this object and the records.
  [[nodiscard]] std::uint64_t table_frames() const { return table_frames_for(end_ - first_); }

  [[nodiscard]] std::uint32_t index_of(FrameNumber frame) const {
    return static_cast<std::uint32_t>(frame - first_);
  }
  [[nodiscard]] FrameRecord& record(FrameNumber frame) { return record_at(index_of(frame)); }
  [[nodiscard]] FrameRecord& record_at(std::uint32_t index) {
    return reinterpret_cast<FrameRecord*>(this + 1)[index];
  }

  /// Puts the block into the list of its order.
  void push_free(FrameNumber frame, unsigned order);
  /// Takes the block, which is in the list of its order, out of it.
  void remove_free(FrameNumber frame);
  [[nodiscard]] bool has_free(unsigned order) const { return heads_[order] != none; }
  /// The block that was put last into the list; has_free(order) holds.
  [[nodiscard]] FrameNumber front(unsigned order) const { return first_ + heads_[order]; }

  [[nodiscard]] static std::uint64_t table_frames_for(std::uint64_t count);

private:
  static constexpr std::uint32_t none = FrameRecord::none;

  FrameNumber first_;
  FrameNumber end_;
  std::size_t position_;
  std::array<std::uint32_t, max_frame_order + 1> heads_;
};

/// All ranges, sorted by address. Filled in boot, immutable afterwards.
class FrameTable {
public:
  static constexpr std::size_t max_ranges = 192;

  /// Frames are reached at `direct_map` plus their physical address.
  void set_direct_map(VirtualAddress direct_map) { direct_map_ = direct_map; }

  /// Adds the frames from `first` to `end`, which lie above all that were added before, and writes
  /// the records of those that hold the table. All others are FrameRecord::State::inner or not
  /// yet valid. Null when the range is too small for its own records or there is no room.
  FrameRange* add(FrameNumber first, FrameNumber end);

  /// The range with `frame`, or null. Any context after boot.
  [[nodiscard]] FrameRange* find(FrameNumber frame) const;
  [[nodiscard]] std::span<FrameRange* const> ranges() const { return {ranges_.data(), count_}; }

  template <class T> [[nodiscard]] T* pointer_to(PhysicalAddress address) const {
    return (direct_map_ + address.value()).template as_pointer<T>();
  }
  [[nodiscard]] PhysicalAddress physical(VirtualAddress address) const {
    return PhysicalAddress(address - direct_map_);
  }

private:
  std::array<FrameRange*, max_ranges> ranges_{};
  std::size_t count_ = 0;
  VirtualAddress direct_map_;
};

} // namespace skerry::mm
