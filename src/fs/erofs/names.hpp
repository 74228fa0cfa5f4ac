// SPDX-License-Identifier: Apache-2.0
// The names in a directory of an EROFS image: blocks of entries, all in the order of their bytes.
#pragma once

#include "src/fs/erofs/inode.hpp"

#include <optional>
#include <string_view>

namespace skerry::fs::erofs {

struct Name {
  std::string_view text;
  std::uint64_t number = 0;
  std::uint8_t kind = 0;  ///< of linux' enum: 1 a file, 2 a directory, 7 a link…
  std::uint64_t next = 0; ///< where the listing goes on
};

/// A view; lives as long as the volume. Errors of all members: io_error  damaged
class Names {
public:
  Names(const Volume& volume, const Inode& directory) : volume_(volume), directory_(directory) {}

  /// Errors: no_such_file_or_directory
  [[nodiscard]] Result<Name> find(std::string_view text) const;
  /// The name at `position`, an offset, or behind it; nothing at the end.
  [[nodiscard]] Result<std::optional<Name>> at_or_behind(std::uint64_t position) const;
  /// The first name, but for "." and "..", that leads to `number`.
  /// Errors: no_such_file_or_directory
  [[nodiscard]] Result<Name> leading_to(std::uint64_t number) const;

private:
  /// One block, checked to have at least one entry and all entries whole.
  struct Block {
    std::span<const std::byte> bytes;
    std::size_t count = 0;
    std::uint64_t start = 0; ///< in the directory
  };

  [[nodiscard]] Result<Block> block(std::uint64_t number) const;
  [[nodiscard]] Result<Name> name(const Block& block, std::size_t index) const;
  [[nodiscard]] Result<Block> block_that_may_hold(std::string_view text) const;
  [[nodiscard]] std::uint64_t blocks() const;

  const Volume& volume_;
  const Inode& directory_;
};

} // namespace skerry::fs::erofs
