// SPDX-License-Identifier: Apache-2.0
// EROFS as it lies in an image (Linux: Documentation/filesystems/erofs.rst). All numbers are little
// endian; what is not read here is named `unused`.
#pragma once

#include <core/endian.hpp>

#include <cstddef>
#include <cstdint>

namespace skerry::fs::erofs {

inline constexpr std::size_t superblock_offset = 1024;
inline constexpr std::uint32_t superblock_magic = 0xe0f5'e1e2;

struct Superblock {
  Le32 magic;
  Le32
      checksum; ///< CRC-32C from here to the end of the block, this field being 0; not complemented
  Le32 compatible_features;
  std::uint8_t block_bits;  ///< a block is two to the power of this
  std::uint8_t extra_slots; ///< of 16 bytes each, behind the superblock
  Le16 root_node;
  Le64 inodes;
  Le64 build_time; ///< seconds since 1970: the times of compact inodes
  Le32 build_nanoseconds;
  Le32 blocks;
  Le32 inode_block; ///< number of the first block with inodes
  Le32 attribute_block;
  std::byte uuid[16];
  std::byte volume_name[16];
  Le32 incompatible_features;
  Le16 compression;
  Le16 extra_devices;
  std::byte unused[40];
};
static_assert(sizeof(Superblock) == 128);
static_assert(offsetof(Superblock, root_node) == 14);
static_assert(offsetof(Superblock, blocks) == 36);
static_assert(offsetof(Superblock, incompatible_features) == 80);
static_assert(offsetof(Superblock, extra_devices) == 86);

/// Bit of compatible_features: the checksum counts.
inline constexpr unsigned has_checksum_bit = 0;
/// Bit of incompatible_features that is understood: files in chunks.
inline constexpr unsigned chunked_files_bit = 2;

/// Inodes have numbers: 32 bytes each from the first block with inodes on.
inline constexpr unsigned inode_slot_bits = 5;

/// How the contents of an inode are kept.
enum class Layout : std::uint8_t {
  plain = 0, ///< blocks in a row
  compressed_full = 1,
  inlined = 2, ///< the same, but the last block, which may be part of one, follows the inode
  compressed_compact = 3,
  chunked = 4, ///< a table of chunks follows the inode
};

/// i_format: bit 0 says that the inode is extended, bits 1 to 3 are the layout, no other bit is
/// used.
inline constexpr unsigned extended_bit = 0;
inline constexpr unsigned layout_shift = 1;
inline constexpr std::uint16_t layout_mask = 7;
inline constexpr std::uint16_t known_format_bits = 0x0f;

struct CompactInode {
  Le16 format;
  Le16 attributes; ///< 0, or one more than there are words behind the header of the attributes
  Le16 mode;
  Le16 links;
  Le32 size;
  Le32 unused;
  Le32 place; ///< first block, device number or form of the chunks
  Le32 number;
  Le16 user;
  Le16 group;
  Le32 unused2;
};
static_assert(sizeof(CompactInode) == 32);

struct ExtendedInode {
  Le16 format;
  Le16 attributes;
  Le16 mode;
  Le16 unused;
  Le64 size;
  Le32 place;
  Le32 number;
  Le32 user;
  Le32 group;
  Le64 modified; ///< seconds since 1970
  Le32 modified_nanoseconds;
  Le32 links;
  std::byte unused2[16];
};
static_assert(sizeof(ExtendedInode) == 64);
static_assert(offsetof(ExtendedInode, modified) == 32 && offsetof(ExtendedInode, links) == 44);

/// Extended attributes follow the inode: a header, then words.
inline constexpr std::size_t attribute_header_bytes = 12;
inline constexpr std::size_t attribute_word_bytes = 4;

/// The place of a chunked inode: how many bits a chunk's number of blocks has, and whether the
/// table has entries of 8 bytes instead of 4.
inline constexpr std::uint32_t chunk_bits_mask = 0x1f;
inline constexpr std::uint32_t chunk_index_flag = 0x20;
inline constexpr std::uint32_t known_chunk_bits = 0x3f;

struct ChunkIndex {
  Le16 unused;
  Le16 device;
  Le32 block;
};
static_assert(sizeof(ChunkIndex) == 8);
/// The block of a chunk of zeros.
inline constexpr std::uint32_t no_block = ~std::uint32_t{0};

/// Each block of a directory begins with these, in the order of the names, which follow. The first
/// name's offset tells how many there are; the last name ends with a zero byte or with the block.
struct DirectoryEntry {
  Le64 node;
  Le16 name_offset;
  std::uint8_t kind;
  std::uint8_t unused;
};
static_assert(sizeof(DirectoryEntry) == 12);

} // namespace skerry::fs::erofs
