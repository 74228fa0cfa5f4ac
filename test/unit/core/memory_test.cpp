// SPDX-License-Identifier: Apache-2.0
// The kernel's own mem* functions against plain loops. They are compiled under other names here
// (see CMakeLists.txt), since a process has its own.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <gtest/gtest.h>
#include <random>
#include <vector>

extern "C" {
void* skerry_memcpy(void* destination, const void* source, std::size_t size);
void* skerry_memmove(void* destination, const void* source, std::size_t size);
void* skerry_memset(void* destination, int value, std::size_t size);
int skerry_memcmp(const void* left, const void* right, std::size_t size);
int skerry_bcmp(const void* left, const void* right, std::size_t size);
std::size_t skerry_strlen(const char* text);
void* skerry_memchr(const void* bytes, int value, std::size_t size);
}

namespace {

using Bytes = std::vector<unsigned char>;

Bytes random_bytes(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  Bytes bytes(size);
  std::ranges::generate(bytes, [&random] { return static_cast<unsigned char>(random()); });
  return bytes;
}

TEST(Memory, CopiesEverySizeAtEveryAlignment) {
  const Bytes source = random_bytes(128, 1);
  for (std::size_t from = 0; from < 9; ++from) {
    for (std::size_t to = 0; to < 9; ++to) {
      for (std::size_t size = 0; size < 70; ++size) {
        Bytes expected = random_bytes(128, 2);
        Bytes actual = expected;
        std::copy_n(source.begin() + static_cast<long>(from), size,
                    expected.begin() + static_cast<long>(to));
        ASSERT_EQ(skerry_memcpy(&actual[to], &source[from], size), &actual[to]);
        ASSERT_EQ(actual, expected) << from << " " << to << " " << size;
      }
    }
  }
}

TEST(Memory, MovesBetweenPlacesThatOverlap) {
  for (std::size_t from = 0; from < 40; ++from) {
    for (std::size_t to = 0; to < 40; ++to) {
      for (const std::size_t size : {0U, 1U, 7U, 8U, 9U, 31U, 64U, 80U}) {
        Bytes actual = random_bytes(128, 3);
        Bytes expected = actual;
        const Bytes piece(&actual[from], &actual[from] + size);
        std::ranges::copy(piece, expected.begin() + static_cast<long>(to));
        ASSERT_EQ(skerry_memmove(&actual[to], &actual[from], size), &actual[to]);
        ASSERT_EQ(actual, expected) << from << " " << to << " " << size;
      }
    }
  }
}

TEST(Memory, LeavesTheDirectionOfStringInstructionsForward) {
  std::array<unsigned char, 16> bytes{};
  skerry_memmove(&bytes[1], bytes.data(), 8);
  std::uint64_t flags = 0;
  asm volatile("pushfq; pop %0" : "=r"(flags));
  EXPECT_EQ(flags >> 10 & 1, 0U);
}

TEST(Memory, FillsWithTheLowByteOfTheValue) {
  for (std::size_t at = 0; at < 9; ++at) {
    for (std::size_t size = 0; size < 70; ++size) {
      Bytes expected = random_bytes(128, 4);
      Bytes actual = expected;
      std::fill_n(expected.begin() + static_cast<long>(at), size, 0xa5);
      ASSERT_EQ(skerry_memset(&actual[at], 0x12a5, size), &actual[at]);
      ASSERT_EQ(actual, expected) << at << " " << size;
    }
  }
  unsigned char byte = 1;
  skerry_memset(&byte, -1, 1);
  EXPECT_EQ(byte, 0xff);
}

TEST(Memory, ComparesBytesWithoutSign) {
  EXPECT_EQ(skerry_memcmp("abc", "abc", 3), 0);
  EXPECT_LT(skerry_memcmp("abc", "abd", 3), 0);
  EXPECT_GT(skerry_memcmp("\xff", "\x01", 1), 0);
  EXPECT_LT(skerry_memcmp("\x7f", "\x80", 1), 0);
  EXPECT_EQ(skerry_memcmp("abc", "xyz", 0), 0);
  EXPECT_EQ(skerry_memcmp("a\0b", "a\0c", 2), 0);
  EXPECT_LT(skerry_memcmp("a\0b", "a\0c", 3), 0);
  EXPECT_EQ(skerry_bcmp("same", "same", 4), 0);
  EXPECT_NE(skerry_bcmp("same", "sane", 4), 0);
}

TEST(Memory, MeasuresStrings) {
  EXPECT_EQ(skerry_strlen(""), 0U);
  EXPECT_EQ(skerry_strlen("four"), 4U);
  EXPECT_EQ(skerry_strlen("cut\0short"), 3U);
}

TEST(Memory, FindsTheFirstByte) {
  const char text[] = "skerry";
  EXPECT_EQ(skerry_memchr(text, 'r', 6), text + 3);
  EXPECT_EQ(skerry_memchr(text, 'r', 3), nullptr);
  EXPECT_EQ(skerry_memchr(text, 'x', 6), nullptr);
  EXPECT_EQ(skerry_memchr(text, 0, 7), text + 6);
  EXPECT_EQ(skerry_memchr(text, 's' + 256, 6), text);
  EXPECT_EQ(skerry_memchr(text, 's', 0), nullptr);
}

} // namespace
