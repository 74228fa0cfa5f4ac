// SPDX-License-Identifier: Apache-2.0
// Time as types: conversion, order and saturation.
#include <core/units.hpp>

#include <gtest/gtest.h>
#include <limits>

namespace skerry {
namespace {

constexpr std::int64_t smallest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

TEST(Duration, ConvertsBetweenUnits) {
  constexpr Duration span = Duration::milliseconds(1'500);
  EXPECT_EQ(span.in_nanoseconds(), 1'500'000'000);
  EXPECT_EQ(span.in_microseconds(), 1'500'000);
  EXPECT_EQ(span.in_milliseconds(), 1'500);
  EXPECT_EQ(span.in_seconds(), 1);
  EXPECT_EQ(Duration::seconds(-3), Duration::microseconds(-3'000'000));
}

TEST(Duration, SaturatesWhenItIsMadeOfTooMuch) {
  EXPECT_EQ(Duration::seconds(largest), Duration::max());
  EXPECT_EQ(Duration::seconds(largest / 1'000'000'000 + 1), Duration::max());
  EXPECT_LT(Duration::seconds(largest / 1'000'000'000), Duration::max());
  EXPECT_EQ(Duration::microseconds(smallest).in_nanoseconds(), smallest);
}

TEST(Duration, SaturatesWhenSumsPassItsLimits) {
  const Duration one = Duration::nanoseconds(1);
  const Duration least = Duration::nanoseconds(smallest);
  EXPECT_EQ(Duration::max() + one, Duration::max());
  EXPECT_EQ(least + Duration::nanoseconds(-1), least);
  EXPECT_EQ(least - one, least);
  EXPECT_EQ(Duration::max() - Duration::nanoseconds(-1), Duration::max());
  EXPECT_EQ(Duration() - least, Duration::max());
  EXPECT_EQ(Duration::max() + least, Duration::nanoseconds(-1));
}

TEST(Instant, IsOrderedAndMovesBySpans) {
  const Instant start = Instant::since_boot(Duration::seconds(5));
  const Instant end = start + Duration::milliseconds(1);
  EXPECT_LT(start, end);
  EXPECT_EQ(end - start, Duration::milliseconds(1));
  EXPECT_EQ(start - end, Duration::milliseconds(-1));
  EXPECT_EQ(Instant(), Instant::since_boot(Duration()));
}

TEST(Instant, StaysNeverHoweverMuchIsAdded) {
  EXPECT_EQ(Instant::never() + Duration::seconds(1), Instant::never());
  EXPECT_EQ(Instant::since_boot(Duration::seconds(1)) + Duration::max(), Instant::never());
  EXPECT_LT(Instant::since_boot(Duration::seconds(largest / 1'000'000'000)), Instant::never());
}

} // namespace
} // namespace skerry
