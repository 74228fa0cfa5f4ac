// SPDX-License-Identifier: Apache-2.0
// The superblock, and access to the rest.
#include "src/fs/erofs/volume.hpp"

#include <core/bytes.hpp>
#include <core/crc32c.hpp>
#include <core/format.hpp>
#include <core/log.hpp>

#include <array>
#include <cstring>
#include <limits>

namespace skerry::fs::erofs {
namespace {

constexpr unsigned least_block_bits = 9;
constexpr unsigned most_block_bits = 12;

/// The incompatible features by bit. Prefixes of names of extended attributes do no harm to who
/// does not read attributes.
constexpr std::array<std::string_view, 9> feature_names{"compression (lz4_0padding)",
                                                        "compression (compr_cfgs)",
                                                        "chunked_file",
                                                        "device_table",
                                                        "ztailpacking",
                                                        "fragments",
                                                        "xattr_prefixes",
                                                        "48bit",
                                                        "metabox"};
constexpr unsigned attribute_prefixes_bit = 6;
constexpr std::uint32_t understood =
    bit<std::uint32_t>(chunked_files_bit) | bit<std::uint32_t>(attribute_prefixes_bit);

template <class... Arguments>
bool refuse(Refusal& refusal, std::type_identity_t<FormatPattern<Arguments...>> pattern,
            const Arguments&... arguments) {
  refusal.why = format_to<Arguments...>(refusal.room, pattern, arguments...);
  return false;
}

bool check_features(std::uint32_t features, Refusal& refusal) {
  for (unsigned number = 0; number < 32; ++number) {
    if (!has_bit(features & ~understood, number)) {
      continue;
    }
    return number < feature_names.size()
               ? refuse(refusal, "needs the feature {}, which is not read here",
                        feature_names[number])
               : refuse(refusal, "needs the unknown feature {}", number);
  }
  return true;
}

} // namespace

std::int64_t time_of(std::uint64_t seconds, std::uint32_t nanoseconds) {
  constexpr std::int64_t per_second = 1'000'000'000;
  constexpr auto latest = std::numeric_limits<std::int64_t>::max();
  std::int64_t time = 0;
  if (seconds > static_cast<std::uint64_t>(latest) ||
      __builtin_mul_overflow(static_cast<std::int64_t>(seconds), per_second, &time) ||
      __builtin_add_overflow(time, std::int64_t{nanoseconds}, &time)) {
    return latest;
  }
  return time;
}

bool Volume::has_checksum(const Superblock& superblock) const {
  // Where a block ends in front of the superblock, one block from its start is summed up.
  const std::uint64_t block = std::uint64_t{1} << superblock.block_bits;
  const std::uint64_t size = block > superblock_offset ? block - superblock_offset : block;
  const auto summed = bytes(superblock_offset, size);
  if (!summed || summed->size() < sizeof(Superblock)) {
    return false;
  }
  Superblock blank = superblock;
  blank.checksum = 0;
  std::uint32_t sum = crc32c(~std::uint32_t{0}, std::as_bytes(std::span(&blank, 1)));
  sum = crc32c(sum, summed->subspan(sizeof(Superblock)));
  return sum == superblock.checksum;
}

bool Volume::check(const Superblock& superblock, Refusal& refusal) const {
  if (superblock.magic != superblock_magic) {
    return refuse(refusal, "is no EROFS image");
  }
  if (superblock.block_bits < least_block_bits || superblock.block_bits > most_block_bits) {
    return refuse(refusal, "has blocks of 2^{} bytes; expected 512 to 4096 bytes",
                  unsigned{superblock.block_bits});
  }
  const std::uint64_t wanted = std::uint64_t{superblock.blocks} << superblock.block_bits;
  if (wanted > image_.size()) {
    return refuse(refusal, "is cut off: it has {} bytes of {}", image_.size(), wanted);
  }
  if (!check_features(superblock.incompatible_features, refusal)) {
    return false;
  }
  if (superblock.extra_devices != 0) {
    return refuse(refusal, "needs {} more devices", unsigned{superblock.extra_devices.value()});
  }
  if (has_bit(superblock.compatible_features.value(), has_checksum_bit) &&
      !has_checksum(superblock)) {
    return refuse(refusal, "is damaged: the checksum of its superblock is wrong");
  }
  return true;
}

bool Volume::open(std::span<const std::byte> image, Refusal& refusal) {
  image_ = image;
  const auto superblock = at<Superblock>(superblock_offset);
  if (!superblock) {
    return refuse(refusal, "is too short for an EROFS image: it has {} bytes", image.size());
  }
  if (!check(*superblock, refusal)) {
    return false;
  }
  block_bits_ = superblock->block_bits;
  image_ = image.first(std::uint64_t{superblock->blocks} << block_bits_);
  inode_start_ = std::uint64_t{superblock->inode_block} << block_bits_;
  root_number_ = superblock->root_node;
  inodes_ = superblock->inodes;
  build_time_ = time_of(superblock->build_time, superblock->build_nanoseconds);
  return true;
}

Result<std::span<const std::byte>> Volume::bytes(std::uint64_t offset,
                                                 std::uint64_t size_bytes) const {
  if (offset > image_.size() || size_bytes > image_.size() - offset) {
    return fail(std::errc::io_error);
  }
  return image_.subspan(offset, size_bytes);
}

Result<std::uint64_t> Volume::inode_offset(std::uint64_t number) const {
  if (number > image_.size() >> inode_slot_bits) {
    return fail(std::errc::io_error);
  }
  return inode_start_ + (number << inode_slot_bits);
}

std::unexpected<std::errc> Volume::damaged(std::uint64_t number, std::string_view what) const {
  if (!is_reported_.exchange(true, std::memory_order_relaxed)) {
    log::error("erofs", "the root file system is damaged: inode {} {}", number, what);
  }
  return fail(std::errc::io_error);
}

} // namespace skerry::fs::erofs
