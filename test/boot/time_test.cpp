// SPDX-License-Identifier: Apache-2.0
// Clocks and sleeping. Sleeps may last longer than asked for, never shorter.
#include "system_call.hpp"

#include <chrono>
#include <ctime>
#include <gtest/gtest.h>
#include <thread>

namespace skerry::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::steady_clock;

nanoseconds now(clockid_t clock) {
  timespec time{};
  EXPECT_EQ(::clock_gettime(clock, &time), 0);
  EXPECT_GE(time.tv_nsec, 0);
  EXPECT_LT(time.tv_nsec, 1'000'000'000);
  return std::chrono::seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
}

TEST(MonotonicClock, NeverGoesBack) {
  nanoseconds last = now(CLOCK_MONOTONIC);
  for (int i = 0; i < 20'000; ++i) {
    const nanoseconds next = now(CLOCK_MONOTONIC);
    ASSERT_GE(next, last);
    last = next;
  }
}

TEST(MonotonicClock, GoesForward) {
  const nanoseconds start = now(CLOCK_MONOTONIC);
  while (now(CLOCK_MONOTONIC) < start + milliseconds(2)) {
  }
}

TEST(WallClock, KnowsTheDate) {
  using namespace std::chrono;
  EXPECT_GT(system_clock::now(), sys_days(2024y / January / 1));
  EXPECT_GT(now(CLOCK_REALTIME), sys_days(2024y / January / 1).time_since_epoch());
}

TEST(ClockCalls, RefuseClockThatDoesNotExist) {
  timespec time{};
  EXPECT_EQ(answer_of([&] { return ::clock_gettime(77, &time); }), refusal(EINVAL));
  EXPECT_EQ(answer_of([&] { return ::clock_getres(77, &time); }), refusal(EINVAL));
}

TEST(ClockCalls, TellTheirResolution) {
  timespec resolution{.tv_sec = 7, .tv_nsec = 7};
  ASSERT_EQ(::clock_getres(CLOCK_MONOTONIC, &resolution), 0);
  EXPECT_EQ(resolution.tv_sec, 0);
  EXPECT_GT(resolution.tv_nsec, 0);
  EXPECT_EQ(::clock_getres(CLOCK_MONOTONIC, nullptr), 0);
}

TEST(Sleep, LastsAsLongAsAskedFor) {
  for (const milliseconds span : {milliseconds(0), milliseconds(1), milliseconds(30)}) {
    const auto start = steady_clock::now();
    std::this_thread::sleep_for(span);
    EXPECT_GE(steady_clock::now() - start, span);
  }
}

TEST(Sleep, LastsUntilTheMomentAskedFor) {
  for (const clockid_t clock : {CLOCK_MONOTONIC, CLOCK_REALTIME}) {
    const nanoseconds wanted = now(clock) + milliseconds(5);
    const timespec moment{.tv_sec = static_cast<std::time_t>(wanted.count() / 1'000'000'000),
                          .tv_nsec = static_cast<long>(wanted.count() % 1'000'000'000)};
    ASSERT_EQ(::clock_nanosleep(clock, TIMER_ABSTIME, &moment, nullptr), 0);
    EXPECT_GE(now(clock), wanted);
  }
}

TEST(Sleep, UntilThePastEndsAtOnce) {
  const timespec moment{.tv_sec = 0, .tv_nsec = 1};
  EXPECT_EQ(::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &moment, nullptr), 0);
}

TEST(Sleep, RefusesTimesThatAreNone) {
  for (const timespec bad :
       {timespec{.tv_sec = -1, .tv_nsec = 0}, timespec{.tv_sec = 0, .tv_nsec = 1'000'000'000},
        timespec{.tv_sec = 0, .tv_nsec = -1}})
    EXPECT_EQ(answer_of([&] { return ::nanosleep(&bad, nullptr); }), refusal(EINVAL));
}

} // namespace
} // namespace skerry::test
