// SPDX-License-Identifier: Apache-2.0
// See the header.
#include "src/fs/erofs/inode.hpp"

#include <core/bytes.hpp>

#include <algorithm>
#include <cstring>
#include <limits>
#include <sys/stat.h>

namespace skerry::fs::erofs {
namespace {

constexpr std::uint64_t max_size = std::numeric_limits<std::int64_t>::max();

std::uint64_t attribute_bytes(std::uint16_t attributes) {
  return attributes == 0
             ? 0
             : attribute_header_bytes + (attributes - std::uint64_t{1}) * attribute_word_bytes;
}

void take(const CompactInode& found, std::int64_t time, Inode& inode) {
  inode.mode = found.mode;
  inode.links = found.links;
  inode.user = found.user;
  inode.group = found.group;
  inode.size_bytes = found.size;
  inode.modified = time;
  inode.place = found.place;
  inode.tail += sizeof found + attribute_bytes(found.attributes);
}

void take(const ExtendedInode& found, Inode& inode) {
  inode.mode = found.mode;
  inode.links = found.links;
  inode.user = found.user;
  inode.group = found.group;
  inode.size_bytes = found.size;
  inode.modified = time_of(found.modified, found.modified_nanoseconds);
  inode.place = found.place;
  inode.tail += sizeof found + attribute_bytes(found.attributes);
}

/// Errors: io_error  damaged
Result<> check(const Volume& volume, const Inode& inode) {
  const mode_t kind = inode.mode & S_IFMT;
  const bool has_contents = kind == S_IFREG || kind == S_IFDIR || kind == S_IFLNK;
  if (!has_contents && kind != S_IFCHR && kind != S_IFBLK && kind != S_IFIFO && kind != S_IFSOCK) {
    return volume.damaged(inode.number, "is of no kind that there is");
  }
  if (!has_contents) {
    return {};
  }
  switch (inode.layout) {
  case Layout::plain:
  case Layout::inlined:
    return inode.size_bytes <= volume.size_bytes()
               ? Result<>()
               : volume.damaged(inode.number, "is longer than the image");
  case Layout::chunked:
    if ((inode.place & ~known_chunk_bits) != 0) {
      return volume.damaged(inode.number, "has chunks of an unknown form");
    }
    return inode.size_bytes <= max_size ? Result<>()
                                        : volume.damaged(inode.number, "has no possible length");
  case Layout::compressed_full:
  case Layout::compressed_compact:
    return volume.damaged(inode.number, "is compressed, which is not read here");
  }
  return volume.damaged(inode.number, "has an unknown layout");
}

/// In blocks that follow each other; `stored` bytes of the contents do.
Result<Piece> piece_in_blocks(const Volume& volume, const Inode& inode, std::uint64_t offset,
                              std::uint64_t stored) {
  const std::uint64_t size = stored - offset;
  const std::uint64_t start = (std::uint64_t{inode.place} << volume.block_bits()) + offset;
  const auto bytes = volume.bytes(start, size);
  return bytes ? Result<Piece>(Piece{.bytes = *bytes, .size_bytes = size})
               : volume.damaged(inode.number, "has blocks outside of the image");
}

Result<Piece> piece_in_tail(const Volume& volume, const Inode& inode, std::uint64_t offset) {
  const std::uint64_t in_block = volume.block_bytes() - 1;
  const std::uint64_t start = inode.tail + (offset & in_block);
  const std::uint64_t size = inode.size_bytes - offset;
  if ((start & in_block) + size > volume.block_bytes()) {
    return volume.damaged(inode.number, "has a tail that leaves its block");
  }
  const auto bytes = volume.bytes(start, size);
  return bytes ? Result<Piece>(Piece{.bytes = *bytes, .size_bytes = size})
               : volume.damaged(inode.number, "has a tail outside of the image");
}

/// The first block of a chunk. Errors: io_error  damaged
Result<std::uint32_t> chunk_block(const Volume& volume, const Inode& inode, std::uint64_t chunk) {
  if ((inode.place & chunk_index_flag) != 0) {
    const std::uint64_t table = align_up(inode.tail, sizeof(ChunkIndex));
    const auto index = volume.at<ChunkIndex>(table + chunk * sizeof(ChunkIndex));
    if (index && index->device != 0 && index->block != no_block) {
      return volume.damaged(inode.number, "has chunks on another device");
    }
    return index ? Result<std::uint32_t>(index->block)
                 : volume.damaged(inode.number, "has a table of chunks outside of the image");
  }
  const std::uint64_t table = align_up(inode.tail, sizeof(Le32));
  const auto block = volume.at<Le32>(table + chunk * sizeof(Le32));
  return block ? Result<std::uint32_t>(block->value())
               : volume.damaged(inode.number, "has a table of chunks outside of the image");
}

Result<Piece> piece_in_chunk(const Volume& volume, const Inode& inode, std::uint64_t offset) {
  const unsigned bits = volume.block_bits() + (inode.place & chunk_bits_mask);
  const std::uint64_t in_chunk = offset & ((std::uint64_t{1} << bits) - 1);
  const std::uint64_t size =
      std::min((std::uint64_t{1} << bits) - in_chunk, inode.size_bytes - offset);
  const std::uint32_t block = TRY(chunk_block(volume, inode, offset >> bits));
  if (block == no_block) {
    return Piece{.bytes = {}, .size_bytes = size};
  }
  const std::uint64_t start = (std::uint64_t{block} << volume.block_bits()) + in_chunk;
  const auto bytes = volume.bytes(start, size);
  return bytes ? Result<Piece>(Piece{.bytes = *bytes, .size_bytes = size})
               : volume.damaged(inode.number, "has a chunk outside of the image");
}

} // namespace

Result<Inode> read_inode(const Volume& volume, std::uint64_t number) {
  Inode inode{.number = number};
  const auto offset = volume.inode_offset(number);
  const auto compact = offset ? volume.at<CompactInode>(*offset) : fail(offset.error());
  if (!compact) {
    return volume.damaged(number, "lies outside of the image");
  }
  const std::uint16_t format = compact->format;
  if ((format & ~known_format_bits) != 0) {
    return volume.damaged(number, "is of an unknown form");
  }
  inode.layout = static_cast<Layout>((format >> layout_shift) & layout_mask);
  inode.tail = *offset;
  if (has_bit(format, extended_bit)) {
    const auto extended = volume.at<ExtendedInode>(*offset);
    if (!extended) {
      return volume.damaged(number, "lies outside of the image");
    }
    take(*extended, inode);
  } else {
    take(*compact, volume.build_time(), inode);
  }
  TRY(check(volume, inode));
  return inode;
}

Result<Piece> piece_at(const Volume& volume, const Inode& inode, std::uint64_t offset) {
  if (inode.layout == Layout::chunked) {
    return piece_in_chunk(volume, inode, offset);
  }
  if (inode.layout == Layout::plain) {
    return piece_in_blocks(volume, inode, offset, inode.size_bytes);
  }
  const std::uint64_t tail = align_down(inode.size_bytes - 1, volume.block_bytes());
  return offset < tail ? piece_in_blocks(volume, inode, offset, tail)
                       : piece_in_tail(volume, inode, offset);
}

Result<std::size_t> copy_from(const Volume& volume, const Inode& inode, std::uint64_t offset,
                              std::span<std::byte> output) {
  std::size_t done = 0;
  while (done < output.size() && offset < inode.size_bytes) {
    const Piece piece = TRY(piece_at(volume, inode, offset));
    const std::size_t part = std::min<std::uint64_t>(piece.size_bytes, output.size() - done);
    if (piece.bytes.empty()) {
      std::memset(&output[done], 0, part);
    } else {
      std::memcpy(&output[done], piece.bytes.data(), part);
    }
    done += part;
    offset += part;
  }
  return done;
}

} // namespace skerry::fs::erofs
