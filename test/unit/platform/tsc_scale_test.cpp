// SPDX-License-Identifier: Apache-2.0
// The arithmetic between ticks and nanoseconds, over all that a counter and a rate can be.
#include "platform/x86_64/tsc_scale.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <random>

namespace skerry::x86_64 {
namespace {

constexpr std::uint64_t all_ones = ~std::uint64_t{0};

std::uint64_t random_rate(std::mt19937_64& random) {
  // Evenly over the orders of magnitude rather than over the values.
  const double exponent = std::uniform_real_distribution(5.0, 12.0)(random);
  return static_cast<std::uint64_t>(std::pow(10.0, exponent));
}

TEST(MultiplyDivide, KeepsAllBitsInBetween) {
  EXPECT_EQ(multiply_divide(all_ones, all_ones, all_ones), all_ones);
  EXPECT_EQ(multiply_divide(all_ones, 3, 4), all_ones / 4 * 3 + 2);
  EXPECT_EQ(multiply_divide(7, 5, 3), 11U);
  EXPECT_EQ(multiply_divide(0, 0, 1), 0U);
}

TEST(MultiplyDivide, SaturatesWhereTheProcessorWouldFault) {
  EXPECT_EQ(multiply_divide(1, 1, 0), all_ones);
  EXPECT_EQ(multiply_divide(all_ones, 2, 1), all_ones);
  EXPECT_EQ(multiply_divide(all_ones, all_ones, all_ones - 1), all_ones);
}

TEST(TickScale, StandsStillByDefault) {
  EXPECT_EQ(TickScale().to_nanoseconds(all_ones), 0U);
  EXPECT_EQ(TickScale().to_ticks(1), all_ones);
}

TEST(TickScale, RefusesRatesThatNoCounterHas) {
  EXPECT_FALSE(TickScale::from_hertz(0));
  EXPECT_FALSE(TickScale::from_hertz(99'999));
  EXPECT_FALSE(TickScale::from_hertz(1'000'000'000'001));
  EXPECT_FALSE(TickScale::from_hertz(all_ones));
  EXPECT_TRUE(TickScale::from_hertz(100'000));
  EXPECT_TRUE(TickScale::from_hertz(1'000'000'000'000));
  EXPECT_FALSE(TickScale::from_measurement(0, 1'000'000));
  EXPECT_FALSE(TickScale::from_measurement(1'000'000, 0));
  EXPECT_FALSE(TickScale::from_factor(0));
  EXPECT_FALSE(TickScale::from_factor(all_ones));
}

TEST(TickScale, IsExactForRoundRates) {
  EXPECT_EQ(TickScale::from_hertz(1'000'000'000)->to_nanoseconds(123'456'789), 123'456'789U);
  EXPECT_EQ(TickScale::from_hertz(2'000'000'000)->to_nanoseconds(all_ones), all_ones / 2);
  EXPECT_EQ(TickScale::from_hertz(100'000)->to_nanoseconds(100'000), 1'000'000'000U);
}

TEST(TickScale, SaturatesInsteadOfWrapping) {
  EXPECT_EQ(TickScale::from_hertz(100'000)->to_nanoseconds(all_ones), all_ones);
  EXPECT_EQ(TickScale::from_hertz(1'000'000'000'000)->to_ticks(all_ones), all_ones);
}

TEST(TickScale, NeverDecreasesWithTicksAndStaysWithinItsError) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t hertz = random_rate(random);
    const auto scale = TickScale::from_hertz(hertz);
    ASSERT_TRUE(scale);
    const std::uint64_t ticks = random() >> (random() % 64);
    const std::uint64_t exact = multiply_divide(ticks, nanoseconds_per_second, hertz);
    const std::uint64_t got = scale->to_nanoseconds(ticks);
    ASSERT_LE(got, scale->to_nanoseconds(ticks == all_ones ? ticks : ticks + 1));
    ASSERT_LE(got, exact);
    // The factor has at least 38 bits.
    ASSERT_LE(exact - got, exact / (std::uint64_t{1} << 37U) + 1) << hertz << " " << ticks;
  }
}

TEST(TickScale, NeverWaitsTooShort) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 20'000; ++i) {
    const auto scale = TickScale::from_hertz(random_rate(random));
    ASSERT_TRUE(scale);
    const std::uint64_t nanoseconds = random() >> (random() % 64);
    const std::uint64_t ticks = scale->to_ticks(nanoseconds);
    if (ticks == all_ones) {
      continue;
    }
    ASSERT_GE(scale->to_nanoseconds(ticks), nanoseconds);
    if (ticks > 1) {
      ASSERT_LT(scale->to_nanoseconds(ticks - 2), nanoseconds);
    }
  }
}

TEST(TickScale, MeasuresTheRateItWasMadeFrom) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t hertz = random_rate(random);
    const auto scale = TickScale::from_measurement(hertz, nanoseconds_per_second);
    ASSERT_TRUE(scale);
    ASSERT_NEAR(static_cast<double>(scale->hertz()), static_cast<double>(hertz),
                1.0 + hertz * 1e-9);
  }
}

} // namespace
} // namespace skerry::x86_64
