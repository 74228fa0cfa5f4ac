// SPDX-License-Identifier: Apache-2.0
// Small blocks of a few sizes, cut from single frames. What is known about a frame's blocks lies
// apart from them, so that whoever writes past a block never reaches it: a bitmap says which are
// free, and no pointer is ever kept in a free block.
#pragma once

#include <core/intrusive_list.hpp>
#include <mm/frames.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace skerry::mm {

/// The sizes of blocks in bytes. Each is aligned to the largest power of two that divides it.
inline constexpr std::array<std::uint16_t, 13> block_sizes = {16,  32,  48,  64,  96,   128, 192,
                                                              256, 384, 512, 768, 1024, 2048};
inline constexpr std::size_t largest_block_size = block_sizes.back();

/// One frame cut into blocks of one size.
class alignas(64) Slab : public ListNode<> {
public:
  Slab() = default;

  /// Takes over the frame at `base` and marks all its blocks free.
  void open(std::byte* base, std::uint8_t size_class, std::uint64_t secret);

  [[nodiscard]] std::byte* base() const { return base_; }
  [[nodiscard]] std::uint8_t size_class() const { return size_class_; }
  [[nodiscard]] std::size_t block_size() const { return block_sizes[size_class_]; }
  [[nodiscard]] unsigned block_count() const {
    return static_cast<unsigned>(page_size / block_size());
  }
  [[nodiscard]] bool is_full() const { return free_count_ == 0; }
  [[nodiscard]] bool is_empty() const { return free_count_ == block_count(); }

  /// Gives out a block; the slab is not full. Stops the machine when the block was written to
  /// while it was free.
  std::byte* take(std::uint64_t secret);
  /// Takes a block back. Stops the machine when `block` is none or is free.
  void put(std::byte* block, std::uint64_t secret);

private:
  std::byte* base_ = nullptr;
  std::array<std::uint64_t, page_size / block_sizes[0] / 64> free_{};
  std::uint16_t free_count_ = 0;
  std::uint8_t size_class_ = 0;
};
static_assert(sizeof(Slab) == 64, "the owner's word of a frame keeps six bits for other things");

/// All slabs of a heap. Not synchronised.
class Slabs {
public:
  constexpr explicit Slabs(Frames& frames) : frames_(frames) {}

  /// `secret` goes into what marks free blocks. Called before the first allocate().
  void set_secret(std::uint64_t secret) { secret_ = secret; }

  /// A block of block_sizes[size_class] bytes, or null when there is no memory, or none without
  /// holding more frames than `limit`.
  std::byte* allocate(std::uint8_t size_class, std::size_t limit = SIZE_MAX);
  /// Takes back a block of `slab`.
  void release(Slab& slab, std::byte* block);

  /// Frames that hold blocks, and frames that hold slab records.
  [[nodiscard]] std::size_t frames_held() const { return slab_frames_ + record_frames_; }
  [[nodiscard]] std::size_t bytes_in_use() const { return bytes_in_use_; }

private:
  Slab* open_slab(std::uint8_t size_class);
  void close_slab(Slab& slab);
  bool refill_records();

  Frames& frames_;
  std::uint64_t secret_ = 0;
  std::array<IntrusiveList<Slab>, block_sizes.size()> usable_; ///< slabs with a free block
  IntrusiveList<Slab> unused_records_;
  std::size_t slab_frames_ = 0;
  std::size_t record_frames_ = 0;
  std::size_t bytes_in_use_ = 0;
};

/// What a frame's owner word says when the heap owns it.
enum class HeapFrame : std::uint8_t { none, slab, slab_records, large };

} // namespace skerry::mm
