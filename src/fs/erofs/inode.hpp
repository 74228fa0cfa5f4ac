// SPDX-License-Identifier: Apache-2.0
// Inodes of an EROFS image and where their contents lie.
#pragma once

#include "src/fs/erofs/volume.hpp"

#include <cstdint>
#include <span>
#include <sys/types.h>

namespace skerry::fs::erofs {

/// What an inode says, checked as far as it can be without a look at the contents.
struct Inode {
  std::uint64_t number = 0;
  Layout layout = Layout::plain;
  mode_t mode = 0;
  std::uint32_t links = 0;
  std::uint32_t user = 0;
  std::uint32_t group = 0;
  std::uint64_t size_bytes = 0;
  std::int64_t modified = 0; ///< nanoseconds since 1970
  std::uint32_t place = 0;
  std::uint64_t tail = 0; ///< offset in the image behind the inode and its attributes
};

/// Errors: io_error  damaged; Volume::damaged() has said how
[[nodiscard]] Result<Inode> read_inode(const Volume& volume, std::uint64_t number);

/// A part of the contents that lies in one piece, or is all zeros.
struct Piece {
  std::span<const std::byte> bytes; ///< empty for zeros
  std::uint64_t size_bytes = 0;
};

/// What there is from `offset` on, which lies before the end of the contents.
/// Errors: as read_inode()
[[nodiscard]] Result<Piece> piece_at(const Volume& volume, const Inode& inode,
                                     std::uint64_t offset);

/// Copies contents from `offset` on until `output` is full or they end; returns how many bytes.
/// Errors: as read_inode()
[[nodiscard]] Result<std::size_t> copy_from(const Volume& volume, const Inode& inode,
                                            std::uint64_t offset, std::span<std::byte> output);

} // namespace skerry::fs::erofs
