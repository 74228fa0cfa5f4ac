// SPDX-License-Identifier: Apache-2.0
// Sizes, alignment and bits.
#include <core/bytes.hpp>

#include <gtest/gtest.h>
#include <limits>

namespace skerry {
namespace {

TEST(Bytes, NamesSizes) {
  EXPECT_EQ(1_KiB, 1024U);
  EXPECT_EQ(3_MiB, 3U * 1024 * 1024);
  EXPECT_EQ(4_GiB, std::uint64_t{1} << 32);
}

TEST(Bytes, AlignsDownAndUp) {
  EXPECT_EQ(align_down(std::uint64_t{0}, 4096), 0U);
  EXPECT_EQ(align_down(std::uint64_t{4095}, 4096), 0U);
  EXPECT_EQ(align_down(std::uint64_t{4096}, 4096), 4096U);
  EXPECT_EQ(align_up(std::uint64_t{0}, 4096), 0U);
  EXPECT_EQ(align_up(std::uint64_t{1}, 4096), 4096U);
  EXPECT_EQ(align_up(std::uint64_t{4096}, 4096), 4096U);
  EXPECT_EQ(align_up(std::uint32_t{5}, 1), 5U);
}

TEST(Bytes, WrapsToZeroPastTheEndOfTheType) {
  constexpr std::uint64_t last = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(align_up(last, 4096), 0U);
  EXPECT_EQ(align_up(std::uint16_t{0xfff1}, 16), 0U);
  EXPECT_EQ(align_down(last, 4096), last - 4095);
}

TEST(Bytes, KnowsMultiples) {
  EXPECT_TRUE(is_aligned(std::uint64_t{0}, 4096));
  EXPECT_TRUE(is_aligned(std::uint64_t{8192}, 4096));
  EXPECT_FALSE(is_aligned(std::uint64_t{8191}, 4096));
}

TEST(Bytes, SetsAndReadsBitsByNumber) {
  EXPECT_EQ(bit(0), 1U);
  EXPECT_EQ(bit(63), 0x8000'0000'0000'0000U);
  EXPECT_EQ(bit<std::uint8_t>(7), 0x80U);
  EXPECT_TRUE(has_bit(bit(63), 63));
  EXPECT_FALSE(has_bit(bit(63), 62));
}

} // namespace
} // namespace skerry
