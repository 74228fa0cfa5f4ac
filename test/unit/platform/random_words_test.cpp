// SPDX-License-Identifier: Apache-2.0
// Random sources that work, run dry, and are broken.
#include "platform/x86_64/random_words.hpp"

#include <array>
#include <gtest/gtest.h>
#include <random>

namespace skerry::x86_64 {
namespace {

using Word = std::optional<std::uint64_t>;

TEST(RandomWords, FillsBuffersOfEverySize) {
  std::mt19937_64 random(1);
  for (std::size_t size = 0; size < 40; ++size) {
    std::vector<std::byte> buffer(size);
    EXPECT_EQ(fill_with_random_words(buffer, [&] { return Word(random()); }), size);
    if (size >= 8) {
      EXPECT_NE(buffer, std::vector<std::byte>(size));
    }
  }
}

TEST(RandomWords, SaysHowFarItGotWhenTheSourceRunsDry) {
  std::mt19937_64 random(2);
  std::array<std::byte, 64> buffer = {};
  int words = 0;
  EXPECT_EQ(fill_with_random_words(buffer, [&] { return ++words > 4 ? Word() : Word(random()); }),
            24U);
  EXPECT_EQ(fill_with_random_words(buffer, [] { return Word(); }), 0U);
}

TEST(RandomWords, TakesAConstantSourceForAbsent) {
  for (const std::uint64_t constant : {std::uint64_t{0}, ~std::uint64_t{0}, std::uint64_t{42}}) {
    std::array<std::byte, 1> small = {};
    EXPECT_EQ(fill_with_random_words(small, [=] { return Word(constant); }), 0U);
    std::array<std::byte, 32> large = {};
    EXPECT_EQ(fill_with_random_words(large, [=] { return Word(constant); }), 0U);
  }
}

TEST(RandomWords, GivesNothingAwayOfASourceThatBreaksLater) {
  std::mt19937_64 random(3);
  std::array<std::byte, 64> buffer = {};
  int words = 0;
  EXPECT_EQ(fill_with_random_words(
                buffer, [&] { return Word(++words > 5 ? ~std::uint64_t{0} : random()); }),
            0U);
  EXPECT_EQ(buffer, (std::array<std::byte, 64>{}));
}

} // namespace
} // namespace skerry::x86_64
