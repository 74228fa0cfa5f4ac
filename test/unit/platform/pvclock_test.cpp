// SPDX-License-Identifier: Apache-2.0
// The hypervisor's clock, kept by a hypervisor that the test plays, also by a lying one.
#include "platform/x86_64/pvclock.hpp"

#include <gtest/gtest.h>
#include <random>

namespace skerry::x86_64 {
namespace {

/// 2 GHz: a tick is half a nanosecond.
PvclockTimeInfo two_gigahertz() {
  return {.version = 2,
          .padding = 0,
          .tsc_timestamp = 1'000,
          .system_time = 5'000'000,
          .tsc_to_system_multiplier = 0x8000'0000,
          .tsc_shift = 0,
          .flags = 1,
          .reserved = {}};
}

TEST(Pvclock, AddsTheTimeSinceTheStamp) {
  const PvclockTimeInfo info = two_gigahertz();
  EXPECT_EQ(read_pvclock(info, [] { return std::uint64_t{1'000}; }), 5'000'000U);
  EXPECT_EQ(read_pvclock(info, [] { return std::uint64_t{3'000}; }), 5'001'000U);
}

TEST(Pvclock, ShiftsBothWays) {
  PvclockTimeInfo info = two_gigahertz();
  info.tsc_shift = 2;
  EXPECT_EQ(read_pvclock(info, [] { return std::uint64_t{3'000}; }), 5'004'000U);
  info.tsc_shift = -1;
  EXPECT_EQ(read_pvclock(info, [] { return std::uint64_t{3'000}; }), 5'000'500U);
}

TEST(Pvclock, TakesACounterBeforeTheStampForTheStamp) {
  const PvclockTimeInfo info = two_gigahertz();
  EXPECT_EQ(read_pvclock(info, [] { return std::uint64_t{1}; }), 5'000'000U);
}

TEST(Pvclock, ReadsAgainWhenTheHostWroteMeanwhile) {
  PvclockTimeInfo info = two_gigahertz();
  int reads = 0;
  const auto now = read_pvclock(info, [&] {
    if (++reads == 1) {
      info.system_time = 7'000'000;
      info.version += 2;
    }
    return std::uint64_t{1'000};
  });
  EXPECT_EQ(reads, 2);
  EXPECT_EQ(now, 7'000'000U);
}

TEST(Pvclock, GivesUpOnAHostThatNeverStopsWriting) {
  PvclockTimeInfo info = two_gigahertz();
  info.version = 3;
  EXPECT_FALSE(read_pvclock(info, [] { return std::uint64_t{1'000}; }));
  info.version = 2;
  EXPECT_FALSE(read_pvclock(info, [&] {
    info.version += 2;
    return std::uint64_t{1'000};
  }));
}

TEST(Pvclock, RefusesRatesThatMakeNoSense) {
  PvclockTimeInfo info = two_gigahertz();
  info.tsc_to_system_multiplier = 0;
  EXPECT_FALSE(read_pvclock(info, [] { return std::uint64_t{2'000}; }));
  info = two_gigahertz();
  for (const int shift : {-128, -60, 40, 127}) {
    info.tsc_shift = static_cast<std::int8_t>(shift);
    EXPECT_FALSE(read_pvclock(info, [] { return std::uint64_t{2'000}; })) << shift;
  }
}

TEST(Pvclock, SurvivesAnyStructure) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 100'000; ++i) {
    const PvclockTimeInfo info{.version = static_cast<std::uint32_t>(random()) & ~1U,
                               .padding = 0,
                               .tsc_timestamp = random(),
                               .system_time = random(),
                               .tsc_to_system_multiplier = static_cast<std::uint32_t>(random()),
                               .tsc_shift = static_cast<std::int8_t>(random()),
                               .flags = 0,
                               .reserved = {}};
    (void)read_pvclock(info, [&] { return random(); });
  }
}

TEST(PvclockWallClock, ReadsTheDate) {
  const PvclockWallClock wall{.version = 4, .seconds = 1'700'000'000, .nanoseconds = 5};
  EXPECT_EQ(read_pvclock_wall_clock(wall), 1'700'000'000'000'000'005);
}

TEST(PvclockWallClock, RefusesWhatIsNoDate) {
  const PvclockWallClock never_written{.version = 0, .seconds = 0, .nanoseconds = 0};
  EXPECT_FALSE(read_pvclock_wall_clock(never_written));
  const PvclockWallClock half_written{.version = 1, .seconds = 1'700'000'000, .nanoseconds = 0};
  EXPECT_FALSE(read_pvclock_wall_clock(half_written));
  const PvclockWallClock nonsense{.version = 2, .seconds = 1, .nanoseconds = 1'000'000'000};
  EXPECT_FALSE(read_pvclock_wall_clock(nonsense));
}

} // namespace
} // namespace skerry::x86_64
