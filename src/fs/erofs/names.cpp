// SPDX-License-Identifier: Apache-2.0
// See the header.
#include "src/fs/erofs/names.hpp"

#include <fs/node.hpp>

#include <algorithm>
#include <cstring>

namespace skerry::fs::erofs {
namespace {

DirectoryEntry entry_at(std::span<const std::byte> block, std::size_t index) {
  DirectoryEntry entry;
  std::memcpy(&entry, &block[index * sizeof entry], sizeof entry);
  return entry;
}

bool is_own(std::string_view name) {
  return name == "." || name == "..";
}

} // namespace

std::uint64_t Names::blocks() const {
  const std::uint64_t size = directory_.size_bytes;
  return size == 0 ? 0 : ((size - 1) >> volume_.block_bits()) + 1;
}

Result<Names::Block> Names::block(std::uint64_t number) const {
  const std::uint64_t start = number << volume_.block_bits();
  const std::uint64_t size = std::min(volume_.block_bytes(), directory_.size_bytes - start);
  const Piece piece = TRY(piece_at(volume_, directory_, start));
  if (piece.bytes.size() < size || size < sizeof(DirectoryEntry)) {
    return volume_.damaged(directory_.number, "has a block of names that is too short");
  }
  const auto bytes = piece.bytes.first(size);
  const std::size_t first = entry_at(bytes, 0).name_offset;
  if (first < sizeof(DirectoryEntry) || first % sizeof(DirectoryEntry) != 0 || first >= size) {
    return volume_.damaged(directory_.number, "has a block with an impossible number of names");
  }
  return Block{.bytes = bytes, .count = first / sizeof(DirectoryEntry), .start = start};
}

Result<Name> Names::name(const Block& block, std::size_t index) const {
  const DirectoryEntry entry = entry_at(block.bytes, index);
  const bool is_last = index + 1 == block.count;
  const std::size_t start = entry.name_offset;
  const std::size_t end =
      is_last ? block.bytes.size() : std::size_t{entry_at(block.bytes, index + 1).name_offset};
  if (start < block.count * sizeof entry || start >= end || end > block.bytes.size()) {
    return volume_.damaged(directory_.number, "has a name outside of its block");
  }
  std::string_view text(reinterpret_cast<const char*>(&block.bytes[start]), end - start);
  if (is_last) {
    text = text.substr(0, text.find('\0'));
  }
  if (text.empty() || text.size() > max_name || text.find('/') != std::string_view::npos ||
      text.find('\0') != std::string_view::npos) {
    return volume_.damaged(directory_.number, "has a name that is none");
  }
  return Name{.text = text,
              .number = entry.node,
              .kind = entry.kind,
              .next = block.start + (index + 1) * sizeof entry};
}

/// The last block whose first name is not behind `text`.
Result<Names::Block> Names::block_that_may_hold(std::string_view text) const {
  std::uint64_t low = 0;
  std::uint64_t high = blocks();
  if (high == 0) {
    return fail(std::errc::no_such_file_or_directory);
  }
  while (high - low > 1) {
    const std::uint64_t middle = low + (high - low) / 2;
    const Block found = TRY(block(middle));
    (TRY(name(found, 0)).text <= text ? low : high) = middle;
  }
  return block(low);
}

Result<Name> Names::find(std::string_view text) const {
  const Block found = TRY(block_that_may_hold(text));
  std::size_t low = 0;
  std::size_t high = found.count;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    const Name name = TRY(this->name(found, middle));
    if (name.text == text) {
      return name;
    }
    if (name.text < text) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return fail(std::errc::no_such_file_or_directory);
}

Result<std::optional<Name>> Names::at_or_behind(std::uint64_t position) const {
  const std::uint64_t in_block = volume_.block_bytes() - 1;
  std::size_t index = ((position & in_block) + sizeof(DirectoryEntry) - 1) / sizeof(DirectoryEntry);
  for (std::uint64_t number = position >> volume_.block_bits(); number < blocks(); ++number) {
    const Block found = TRY(block(number));
    if (index < found.count) {
      return TRY(name(found, index));
    }
    index = 0;
  }
  return std::nullopt;
}

Result<Name> Names::leading_to(std::uint64_t number) const {
  std::uint64_t position = 0;
  for (;;) {
    const auto found = TRY(at_or_behind(position));
    if (!found) {
      return fail(std::errc::no_such_file_or_directory);
    }
    if (found->number == number && !is_own(found->text)) {
      return *found;
    }
    position = found->next;
  }
}

} // namespace skerry::fs::erofs
