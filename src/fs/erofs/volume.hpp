// SPDX-License-Identifier: Apache-2.0
// An EROFS image in memory. Nothing in it is trusted: each access says what it wants, and what does
// not lie in the image is an error.
#pragma once

#include "src/fs/erofs/format.hpp"

#include <core/result.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace skerry::fs::erofs {

/// Why an image is refused: a text that begins with a verb.
struct Refusal {
  char room[160] = {};
  std::string_view why;
};

/// Immutable after open(). Any context.
class Volume {
public:
  constexpr Volume() = default;
  Volume(const Volume&) = delete;
  Volume& operator=(const Volume&) = delete;

  /// Checks the superblock of `image`, which is borrowed for ever. Returns false and fills
  /// `refusal` when it is no image, is cut off, is damaged, or needs what is not there.
  [[nodiscard]] bool open(std::span<const std::byte> image, Refusal& refusal);

  /// Errors: io_error  a part of the range lies outside
  [[nodiscard]] Result<std::span<const std::byte>> bytes(std::uint64_t offset,
                                                         std::uint64_t size_bytes) const;
  /// A copy of a structure. Errors: io_error  a part of it lies outside
  template <class T> [[nodiscard]] Result<T> at(std::uint64_t offset) const {
    const auto found = TRY(bytes(offset, sizeof(T)));
    T value;
    std::memcpy(&value, found.data(), sizeof value);
    return value;
  }
  /// Where the inode of a number begins. Errors: io_error  outside
  [[nodiscard]] Result<std::uint64_t> inode_offset(std::uint64_t number) const;

  [[nodiscard]] std::uint64_t size_bytes() const { return image_.size(); }
  [[nodiscard]] unsigned block_bits() const { return block_bits_; }
  [[nodiscard]] std::uint64_t block_bytes() const { return std::uint64_t{1} << block_bits_; }
  [[nodiscard]] std::uint64_t root_number() const { return root_number_; }
  [[nodiscard]] std::uint64_t inodes() const { return inodes_; }
  /// The time of all that has none of its own, in nanoseconds since 1970.
  [[nodiscard]] std::int64_t build_time() const { return build_time_; }

  /// Says what is wrong with an inode, once for a volume, and returns io_error.
  [[nodiscard]] std::unexpected<std::errc> damaged(std::uint64_t number,
                                                   std::string_view what) const;

private:
  [[nodiscard]] bool check(const Superblock& superblock, Refusal& refusal) const;
  [[nodiscard]] bool has_checksum(const Superblock& superblock) const;

  std::span<const std::byte> image_; ///< without what lies behind the last block
  unsigned block_bits_ = 0;
  std::uint64_t inode_start_ = 0;
  std::uint64_t root_number_ = 0;
  std::uint64_t inodes_ = 0;
  std::int64_t build_time_ = 0;
  mutable std::atomic<bool> is_reported_ = false;
};

/// In nanoseconds; the latest time there is, where it is later.
[[nodiscard]] std::int64_t time_of(std::uint64_t seconds, std::uint32_t nanoseconds);

} // namespace skerry::fs::erofs
