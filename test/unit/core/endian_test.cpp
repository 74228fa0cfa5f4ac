// SPDX-License-Identifier: Apache-2.0
// Integers with a fixed byte order: their bytes, whatever the host.
#include <core/endian.hpp>

#include <array>
#include <cstring>
#include <gtest/gtest.h>
#include <random>

namespace skerry {
namespace {

template <class T> std::array<unsigned char, sizeof(T)> bytes_of(const T& value) {
  std::array<unsigned char, sizeof(T)> bytes;
  std::memcpy(bytes.data(), &value, sizeof(T));
  return bytes;
}

TEST(Endian, PutsBytesInItsOwnOrder) {
  EXPECT_EQ(bytes_of(Le16(0x1234)), (std::array<unsigned char, 2>{0x34, 0x12}));
  EXPECT_EQ(bytes_of(Be16(0x1234)), (std::array<unsigned char, 2>{0x12, 0x34}));
  EXPECT_EQ(bytes_of(Le32(0x1234'5678)), (std::array<unsigned char, 4>{0x78, 0x56, 0x34, 0x12}));
  EXPECT_EQ(bytes_of(Be32(0x1234'5678)), (std::array<unsigned char, 4>{0x12, 0x34, 0x56, 0x78}));
  EXPECT_EQ(bytes_of(Be64(0x0102'0304'0506'0708)),
            (std::array<unsigned char, 8>{1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST(Endian, ReadsBackWhatWasWritten) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t word = random();
    EXPECT_EQ(Le64(word).value(), word);
    EXPECT_EQ(Be64(word).value(), word);
    EXPECT_EQ(Be32(static_cast<std::uint32_t>(word)), static_cast<std::uint32_t>(word));
    EXPECT_EQ(Le16(static_cast<std::uint16_t>(word)), static_cast<std::uint16_t>(word));
  }
}

TEST(Endian, MayLieAtAnyAddress) {
  struct Packed {
    unsigned char first = 0xff;
    Be32 number;
    Le64 other;
  };
  static_assert(sizeof(Packed) == 13);
  Packed packed;
  packed.number = 0xdead'beef;
  packed.other = 0x0123'4567'89ab'cdef;
  EXPECT_EQ(packed.number, 0xdead'beefU);
  EXPECT_EQ(packed.other, 0x0123'4567'89ab'cdefULL);
  EXPECT_EQ(packed.first, 0xff);
}

static_assert(Be16(0x1234).value() == 0x1234, "usable at compile time");
static_assert(Be32().value() == 0);

} // namespace
} // namespace skerry
