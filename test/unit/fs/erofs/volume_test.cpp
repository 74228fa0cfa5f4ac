// SPDX-License-Identifier: Apache-2.0
// What of an image is looked at when it is mounted.
#include "sample.hpp"
#include "src/fs/erofs/volume.hpp"

#include <core/crc32c.hpp>

#include <functional>
#include <gtest/gtest.h>

namespace skerry::fs::erofs {
namespace {

using test::Sample;

std::string refusal_of(std::span<const std::byte> image) {
  Volume volume;
  Refusal refusal;
  return volume.open(image, refusal) ? "" : std::string(refusal.why);
}

std::string refusal_after(const std::function<void(Superblock&)>& change) {
  Sample sample;
  sample.change<Superblock>(superblock_offset, change);
  return refusal_of(sample.bytes);
}

TEST(Crc32c, IsThatOfTheSpecification) {
  const std::string digits = "123456789";
  EXPECT_EQ(~crc32c(~0U, std::as_bytes(std::span(digits))), 0xe306'9283U);
  EXPECT_EQ(~crc32c(~0U, std::vector<std::byte>(32)), 0x8a91'36aaU) << "RFC 3720, B.4";
}

TEST(ErofsVolume, OpensASoundImage) {
  const Sample sample;
  Volume volume;
  Refusal refusal;
  ASSERT_TRUE(volume.open(sample.bytes, refusal)) << refusal.why;
  EXPECT_EQ(volume.block_bytes(), Sample::block);
  EXPECT_EQ(volume.size_bytes(), sample.bytes.size());
  EXPECT_EQ(volume.root_number(), Sample::root);
  EXPECT_EQ(volume.build_time(), Sample::time * 1'000'000'000);
}

TEST(ErofsVolume, SaysWhyItRefuses) {
  EXPECT_EQ(refusal_after([](Superblock& it) { it.magic = 7; }), "is no EROFS image");
  EXPECT_EQ(refusal_after([](Superblock& it) { it.block_bits = 8; }),
            "has blocks of 2^8 bytes; expected 512 to 4096 bytes");
  EXPECT_EQ(refusal_after([](Superblock& it) { it.block_bits = 200; }),
            "has blocks of 2^200 bytes; expected 512 to 4096 bytes");
  EXPECT_EQ(refusal_after([](Superblock& it) { it.blocks = 10; }),
            "is cut off: it has 4608 bytes of 5120");
  EXPECT_EQ(refusal_after([](Superblock& it) { it.blocks = ~0U; }),
            "is cut off: it has 4608 bytes of 2199023255040");
  EXPECT_EQ(refusal_after([](Superblock& it) { it.extra_devices = 2; }), "needs 2 more devices");
  EXPECT_EQ(refusal_after([](Superblock& it) { it.compatible_features = 1; }),
            "is damaged: the checksum of its superblock is wrong");
}

TEST(ErofsVolume, RefusesFeaturesByName) {
  const auto refusal = [](unsigned number) {
    return refusal_after([=](Superblock& it) { it.incompatible_features = 1U << number; });
  };
  EXPECT_EQ(refusal(0), "needs the feature compression (lz4_0padding), which is not read here");
  EXPECT_EQ(refusal(1), "needs the feature compression (compr_cfgs), which is not read here");
  EXPECT_EQ(refusal(2), "");
  EXPECT_EQ(refusal(3), "needs the feature device_table, which is not read here");
  EXPECT_EQ(refusal(4), "needs the feature ztailpacking, which is not read here");
  EXPECT_EQ(refusal(5), "needs the feature fragments, which is not read here");
  EXPECT_EQ(refusal(6), "");
  EXPECT_EQ(refusal(7), "needs the feature 48bit, which is not read here");
  EXPECT_EQ(refusal(8), "needs the feature metabox, which is not read here");
  EXPECT_EQ(refusal(9), "needs the unknown feature 9");
  EXPECT_EQ(refusal(31), "needs the unknown feature 31");
}

TEST(ErofsVolume, RefusesWhatIsTooShort) {
  const Sample sample;
  for (std::size_t size = 0; size < sample.bytes.size(); size += 64) {
    // A copy of the exact size: the sanitizer sees an access past it.
    const std::vector<std::byte> part(sample.bytes.begin(),
                                      sample.bytes.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(refusal_of(part),
              size < superblock_offset + sizeof(Superblock)
                  ? "is too short for an EROFS image: it has " + std::to_string(size) + " bytes"
                  : "is cut off: it has " + std::to_string(size) + " bytes of 4608");
  }
}

TEST(ErofsVolume, TakesAChecksumOverTheBlock) {
  Sample sample;
  sample.change<Superblock>(superblock_offset, [](Superblock& it) { it.compatible_features = 1; });
  const auto block = std::span(sample.bytes).subspan(superblock_offset, Sample::block);
  sample.change<Superblock>(superblock_offset,
                            [&](Superblock& it) { it.checksum = crc32c(~0U, block); });
  EXPECT_EQ(refusal_of(sample.bytes), "");
  sample.bytes[superblock_offset + Sample::block - 1] ^= std::byte{1};
  EXPECT_EQ(refusal_of(sample.bytes), "is damaged: the checksum of its superblock is wrong");
}

TEST(ErofsVolume, HandsOutNothingFromOutside) {
  const Sample sample;
  Volume volume;
  Refusal refusal;
  ASSERT_TRUE(volume.open(sample.bytes, refusal));
  constexpr std::uint64_t most = ~std::uint64_t{0};
  const std::uint64_t size = sample.bytes.size();
  EXPECT_TRUE(volume.bytes(0, size).has_value());
  EXPECT_TRUE(volume.bytes(size, 0).has_value());
  EXPECT_FALSE(volume.bytes(size, 1).has_value());
  EXPECT_FALSE(volume.bytes(1, most).has_value());
  EXPECT_FALSE(volume.bytes(most, 1).has_value());
  EXPECT_FALSE(volume.bytes(most, most).has_value());
  EXPECT_FALSE(volume.inode_offset(most).has_value());
  EXPECT_FALSE(volume.inode_offset(most >> inode_slot_bits).has_value());
}

TEST(ErofsVolume, KnowsNoTimeBehindTheLast) {
  constexpr auto latest = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(time_of(1, 5), 1'000'000'005);
  EXPECT_EQ(time_of(~std::uint64_t{0}, 0), latest);
  EXPECT_EQ(time_of(9'223'372'036, 999'999'999), latest);
}

} // namespace
} // namespace skerry::fs::erofs
