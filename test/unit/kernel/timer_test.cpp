// SPDX-License-Identifier: Apache-2.0
// Timers on a clock that the test moves: order, punctuality, and what the hardware is asked for.
#include "platform/hosted/manual_clock.hpp"

#include <hal/clock.hpp>
#include <hal/cpu.hpp>
#include <hal/per_cpu.hpp>
#include <kernel/timer.hpp>

#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <random>
#include <vector>

namespace skerry::kernel {
namespace {

constexpr Instant at(std::int64_t milliseconds) {
  return Instant::since_boot(Duration::milliseconds(milliseconds));
}

std::int64_t now() {
  return hal::monotonic_now().since_boot().in_milliseconds();
}

class TimerTest : public testing::Test {
protected:
  TimerTest() { hosted::restart_clock(); }

  static void pass(std::int64_t milliseconds) {
    hosted::advance_time(Duration::milliseconds(milliseconds));
  }
};

/// A timer that notes when it went off.
struct Noting {
  static void note(Timer&, void* self) { static_cast<Noting*>(self)->times.push_back(now()); }
  Timer timer{note, this};
  std::vector<std::int64_t> times;
};
using Times = std::vector<std::int64_t>;

TEST_F(TimerTest, GoesOffOnceAtItsDeadline) {
  Noting noting;
  noting.timer.arm(at(10));
  EXPECT_EQ(hosted::armed_alarm(), at(10));
  pass(9);
  EXPECT_EQ(noting.times, Times());
  pass(1);
  EXPECT_EQ(noting.times, (Times{10}));
  pass(100);
  EXPECT_EQ(noting.times, (Times{10}));
  EXPECT_EQ(hosted::armed_alarm(), Instant::never());
}

TEST_F(TimerTest, GoesOffAtOnceWhenTheDeadlineHasPassed) {
  pass(50);
  Noting noting;
  noting.timer.arm(at(20));
  EXPECT_EQ(noting.times, (Times{50}));
}

TEST_F(TimerTest, WaitsForInterruptsToBeOn) {
  Noting noting;
  noting.timer.arm(at(10));
  {
    const hal::InterruptsOff off;
    pass(25);
    EXPECT_EQ(noting.times, Times());
  }
  EXPECT_EQ(noting.times, (Times{25}));
}

TEST_F(TimerTest, ReplacesItsDeadlineInBothDirections) {
  Noting noting;
  noting.timer.arm(at(10));
  noting.timer.arm(at(30));
  pass(20);
  EXPECT_EQ(noting.times, Times());
  noting.timer.arm(at(25));
  EXPECT_EQ(hosted::armed_alarm(), at(25));
  pass(20);
  EXPECT_EQ(noting.times, (Times{25}));
}

TEST_F(TimerTest, DoesNotGoOffAfterItWasCancelled) {
  Noting noting;
  noting.timer.arm(at(10));
  noting.timer.cancel();
  noting.timer.cancel();
  pass(20);
  noting.timer.arm(at(30));
  noting.timer.arm(Instant::never());
  EXPECT_FALSE(noting.timer.is_linked());
  pass(20);
  EXPECT_EQ(noting.times, Times());
}

TEST_F(TimerTest, LeavesTheOthersAloneWhenItIsCancelled) {
  Noting first;
  Noting second;
  first.timer.arm(at(10));
  second.timer.arm(at(20));
  first.timer.cancel();
  pass(30);
  EXPECT_EQ(second.times, (Times{20}));
}

TEST_F(TimerTest, CancelsItselfWhenItIsDestroyed) {
  {
    Noting noting;
    noting.timer.arm(at(10));
  }
  pass(20);
  EXPECT_EQ(hosted::armed_alarm(), Instant::never());
}

TEST_F(TimerTest, CallsBackInInterruptContext) {
  struct Seen {
    bool interrupts_on = true;
    std::uint32_t depth = 0;
  } seen;
  Timer timer(
      [](Timer& self, void* context) {
        *static_cast<Seen*>(context) = {hal::interrupts_enabled(), hal::this_cpu().interrupt_depth};
        EXPECT_FALSE(self.is_linked());
      },
      &seen);
  timer.arm(at(1));
  pass(1);
  EXPECT_FALSE(seen.interrupts_on);
  EXPECT_EQ(seen.depth, 1U);
  EXPECT_TRUE(hal::interrupts_enabled());
}

TEST_F(TimerTest, MayArmItselfAgainFromItsCallback) {
  struct Periodic {
    static void again(Timer& timer, void* self) {
      static_cast<Periodic*>(self)->times.push_back(now());
      if (static_cast<Periodic*>(self)->times.size() < 4) {
        timer.arm(timer.deadline() + Duration::milliseconds(10));
      }
    }
    Timer timer{again, this};
    Times times;
  } periodic;
  periodic.timer.arm(at(10));
  pass(100);
  EXPECT_EQ(periodic.times, (Times{10, 20, 30, 40}));
}

TEST_F(TimerTest, MayCancelAnotherFromItsCallback) {
  Noting victim;
  Timer killer([](Timer&, void* other) { static_cast<Timer*>(other)->cancel(); }, &victim.timer);
  victim.timer.arm(at(20));
  killer.arm(at(10));
  pass(30);
  EXPECT_EQ(victim.times, Times());
}

TEST_F(TimerTest, RunsAllThatAreDueInTheirOrderWhenTheInterruptIsLate) {
  Noting timers[3];
  timers[0].timer.arm(at(30));
  timers[1].timer.arm(at(10));
  timers[2].timer.arm(at(40));
  hosted::set_time(at(35));
  EXPECT_EQ(timers[0].times, (Times{35}));
  EXPECT_EQ(timers[1].times, (Times{35}));
  EXPECT_EQ(timers[2].times, Times());
  EXPECT_EQ(hosted::armed_alarm(), at(40));
}

class RandomisedTimers : public TimerTest, public testing::WithParamInterface<unsigned> {};

TEST_P(RandomisedTimers, GoOffExactlyWhenAModelSaysSo) {
  std::mt19937 random(GetParam());
  std::vector<std::unique_ptr<Noting>> timers;
  for (int i = 0; i < 40; ++i) {
    timers.push_back(std::make_unique<Noting>());
  }
  std::vector<Times> expected(timers.size());
  std::map<std::size_t, std::int64_t> armed;
  for (int i = 0; i < 5000; ++i) {
    const std::size_t which = random() % timers.size();
    if (random() % 4 == 0) {
      timers[which]->timer.cancel();
      armed.erase(which);
    } else if (random() % 3 != 0) {
      const std::int64_t deadline = now() + 1 + static_cast<std::int64_t>(random() % 100);
      timers[which]->timer.arm(at(deadline));
      armed[which] = deadline;
    } else {
      const std::int64_t end = now() + static_cast<std::int64_t>(random() % 30);
      pass(end - now());
      std::erase_if(armed, [&](const auto& entry) {
        if (entry.second <= end) {
          expected[entry.first].push_back(entry.second);
        }
        return entry.second <= end;
      });
    }
  }
  for (std::size_t i = 0; i < timers.size(); ++i) {
    EXPECT_EQ(timers[i]->times, expected[i]) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomisedTimers, testing::Values(1U, 2U, 3U));

} // namespace
} // namespace skerry::kernel
