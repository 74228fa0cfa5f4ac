// SPDX-License-Identifier: Apache-2.0
// What the clock consists of, without the machine: the line over the time-stamp counter, the slow
// counter that wraps, and the measurement of one with the other.
#include "platform/x86_64/clock_counter.hpp"
#include "platform/x86_64/tsc_calibration.hpp"
#include "platform/x86_64/tsc_timeline.hpp"

#include <atomic>
#include <gtest/gtest.h>
#include <random>
#include <thread>

namespace skerry::x86_64 {
namespace {

constexpr std::uint64_t all_ones = ~std::uint64_t{0};
constexpr ReferenceProperties pm_timer{.hertz = 3'579'545, .mask = 0xff'ffff};
constexpr ReferenceProperties pit{.hertz = 1'193'182, .mask = 0xffff};

TickScale scale_of(std::uint64_t hertz) {
  return TickScale::from_hertz(hertz).value();
}

TEST(TscTimeline, StandsAtZeroBeforeItStarts) {
  const TscTimeline line;
  EXPECT_EQ(line.at(0), 0U);
  EXPECT_EQ(line.at(all_ones), 0U);
}

TEST(TscTimeline, TakesACounterThatFellBackForItsStart) {
  TscTimeline line;
  line.restart(1'000'000, 500, scale_of(1'000'000'000));
  EXPECT_EQ(line.at(999'999), 500U);
  EXPECT_EQ(line.at(0), 500U);
  EXPECT_EQ(line.at(1'000'001), 501U);
}

TEST(TscTimeline, SaturatesAtTheEndOfTime) {
  TscTimeline line;
  line.restart(0, all_ones - 10, scale_of(1'000'000'000));
  EXPECT_EQ(line.at(10), all_ones);
  EXPECT_EQ(line.at(11), all_ones);
}

TEST(TscTimeline, NeverGoesBackWhenItIsBent) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 200; ++round) {
    TscTimeline line;
    std::uint64_t tsc = random() >> 8U;
    line.restart(tsc, 0, scale_of(2'000'000'000));
    std::uint64_t last = 0;
    for (int i = 0; i < 200; ++i) {
      tsc += random() % 1'000'000'000;
      if (random() % 4 == 0) {
        line.bend(tsc, scale_of(500'000'000 + random() % 4'000'000'000));
      }
      const std::uint64_t now = line.at(tsc);
      ASSERT_GE(now, last);
      last = now;
    }
  }
}

TEST(TscTimeline, ShowsReadersOneLineOrTheOther) {
  // Both lines show the counter's value shifted by a constant: a mixture would show.
  TscTimeline line;
  line.restart(0, 0, scale_of(1'000'000'000));
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (std::uint64_t i = 1; i < 200'000; ++i) {
      line.restart(i * 1000, i * 1000, scale_of(1'000'000'000));
    }
    stop = true;
  });
  constexpr std::uint64_t tsc = 1'000'000'000;
  bool whole = true;
  while (!stop) {
    whole = whole && line.at(tsc) == tsc;
  }
  writer.join();
  EXPECT_TRUE(whole);
}

TEST(ClockCounter, CountsOnAcrossTheWrap) {
  ClockCounter counter;
  counter.begin(0xff'ffff, 0xff'fff0);
  EXPECT_EQ(counter.advance(0xff'ffff), 0xfU);
  EXPECT_EQ(counter.advance(0x00'0000), 0x10U);
  EXPECT_EQ(counter.advance(0x70'0000), 0x70'0010U);
  EXPECT_EQ(counter.advance(0xe0'0000), 0xe0'0010U);
  EXPECT_EQ(counter.advance(0x50'0000), 0x150'0010U);
}

TEST(ClockCounter, CountsAllBitsOfA32BitCounter) {
  ClockCounter counter;
  counter.begin(0xffff'ffff, 0xffff'ffff);
  EXPECT_EQ(counter.advance(0x7fff'0000), 0x7fff'0001U);
  EXPECT_EQ(counter.advance(0xfffe'0000), 0xfffe'0001U);
  EXPECT_EQ(counter.advance(1), 0x1'0000'0002U);
}

TEST(ClockCounter, TakesAValueOlderThanTheLastForTheLast) {
  ClockCounter counter;
  counter.begin(0xff'ffff, 100);
  EXPECT_EQ(counter.advance(200), 100U);
  EXPECT_EQ(counter.advance(150), 100U);
  EXPECT_EQ(counter.advance(201), 101U);
}

TEST(ClockCounter, ResumesForwardAfterALongPause) {
  ClockCounter counter;
  counter.begin(0xff'ffff, 0);
  EXPECT_EQ(counter.advance(1000), 1000U);
  EXPECT_EQ(counter.resume(0xff'0000), 0xff'0000U);
  EXPECT_EQ(counter.advance(0xff'0001), 0xff'0001U);
}

TEST(ClockCounter, NeverGoesBackForReadersThatRace) {
  ClockCounter counter;
  counter.begin(0xffff, 0);
  std::atomic<std::uint64_t> hardware = 0;
  std::atomic<int> backward = 0;
  const auto reader = [&] {
    std::uint64_t last = 0;
    for (int i = 0; i < 100'000; ++i) {
      const std::uint64_t now = counter.advance(hardware.fetch_add(1) & 0xffffU);
      backward += now < last ? 1 : 0;
      last = now;
    }
  };
  std::thread other(reader);
  reader();
  other.join();
  EXPECT_EQ(backward, 0);
}

/// Two counters that run at given rates and are read with some clumsiness.
class FakeMachine {
public:
  FakeMachine(std::uint64_t tsc_hertz, const ReferenceProperties& reference, std::uint64_t seed)
      : random_(seed), tsc_hertz_(tsc_hertz), reference_(reference), tsc_start_(random_() >> 4U),
        reference_start_(random_()) {}

  void pass(std::uint64_t nanoseconds) { now_ += nanoseconds; }
  void set_tsc_hertz(std::uint64_t hertz) {
    tsc_start_ += tsc_ticks(now_ - tsc_since_);
    tsc_since_ = now_;
    tsc_hertz_ = hertz;
  }

  TscSample sample(std::uint64_t half_width_nanoseconds = 500) {
    const std::uint64_t half_width = tsc_ticks(half_width_nanoseconds) + 1;
    // The slow counter was read somewhere in the interval.
    const std::uint64_t jitter = random_() % (2 * half_width_nanoseconds);
    const std::uint64_t read_at = now_ + jitter - half_width_nanoseconds;
    const std::uint64_t ticks = multiply_divide(read_at, reference_.hertz, nanoseconds_per_second);
    return {.tsc = tsc_start_ + tsc_ticks(now_ - tsc_since_),
            .half_width = half_width,
            .reference = (reference_start_ + ticks) & reference_.mask};
  }

private:
  [[nodiscard]] std::uint64_t tsc_ticks(std::uint64_t nanoseconds) const {
    return multiply_divide(nanoseconds, tsc_hertz_, nanoseconds_per_second);
  }

  std::mt19937_64 random_;
  std::uint64_t tsc_hertz_;
  ReferenceProperties reference_;
  std::uint64_t tsc_start_;
  std::uint64_t tsc_since_ = 0;
  std::uint64_t reference_start_;
  std::uint64_t now_ = 1'000'000'000;
};

constexpr std::uint64_t millisecond = 1'000'000;

void expect_rate(const TscCalibration& calibration, std::uint64_t hertz) {
  ASSERT_TRUE(calibration.scale());
  const double measured = static_cast<double>(calibration.scale()->hertz());
  const double error = static_cast<double>(calibration.error_ppb()) * 1e-9;
  EXPECT_NEAR(measured, static_cast<double>(hertz), static_cast<double>(hertz) * error);
}

TEST(TscCalibration, MeasuresWithinTheErrorItClaims) {
  std::mt19937_64 random(5);
  for (int round = 0; round < 200; ++round) {
    const std::uint64_t hertz = 800'000'000 + random() % 4'000'000'000;
    FakeMachine machine(hertz, pm_timer, random());
    TscCalibration calibration;
    calibration.begin(pm_timer, machine.sample());
    for (std::uint64_t window = 10 * millisecond; window < 60'000 * millisecond; window *= 4) {
      machine.pass(window);
      ASSERT_EQ(calibration.consider(machine.sample()), TscCalibration::Verdict::better);
      expect_rate(calibration, hertz);
    }
    EXPECT_LE(calibration.error_ppb(), 1'000U);
    EXPECT_EQ(calibration.agreements(), 7U);
  }
}

TEST(TscCalibration, CountsTheWrapsOfAShortCounter) {
  FakeMachine machine(3'000'000'000, pit, 7);
  TscCalibration calibration;
  calibration.begin(pit, machine.sample(2'000));
  machine.pass(5 * millisecond);
  ASSERT_EQ(calibration.consider(machine.sample(2'000)), TscCalibration::Verdict::better);
  // The 8254 wraps every 55 ms.
  machine.pass(700 * millisecond);
  ASSERT_EQ(calibration.consider(machine.sample(2'000)), TscCalibration::Verdict::better);
  expect_rate(calibration, 3'000'000'000);
}

TEST(TscCalibration, BeginsANewWindowWhenWrapsCannotBeCounted) {
  FakeMachine machine(3'000'000'000, pit, 8);
  TscCalibration calibration;
  calibration.begin(pit, machine.sample(2'000));
  machine.pass(5 * millisecond);
  ASSERT_EQ(calibration.consider(machine.sample(2'000)), TscCalibration::Verdict::better);
  machine.pass(3'600'000 * millisecond); // an idle hour
  EXPECT_EQ(calibration.consider(machine.sample(2'000)), TscCalibration::Verdict::nothing);
  machine.pass(100 * millisecond);
  EXPECT_EQ(calibration.consider(machine.sample(2'000)), TscCalibration::Verdict::better);
  expect_rate(calibration, 3'000'000'000);
}

TEST(TscCalibration, DoesNotTakeAWindowWithUnknownWrapsForAShortOne) {
  for (const std::uint64_t hertz : {800'000'000UL, 1'500'000'000UL, 2'600'000'000UL}) {
    for (const std::uint64_t away : {54UL, 56UL, 60UL, 109UL, 111UL, 1'000UL}) {
      FakeMachine machine(hertz, pit, 15);
      TscCalibration calibration;
      calibration.begin(pit, machine.sample(2'000));
      machine.pass(away * millisecond); // a hypervisor lets others run
      EXPECT_EQ(calibration.consider(machine.sample(2'000)), TscCalibration::Verdict::restarted)
          << away;
      machine.pass(2 * millisecond);
      ASSERT_EQ(calibration.consider(machine.sample(2'000)), TscCalibration::Verdict::better);
      expect_rate(calibration, hertz);
    }
  }
}

TEST(TscCalibration, WaitsForAWindowThatIsLongEnough) {
  FakeMachine machine(2'000'000'000, pm_timer, 9);
  TscCalibration calibration;
  calibration.begin(pm_timer, machine.sample());
  machine.pass(20'000);
  EXPECT_EQ(calibration.consider(machine.sample()), TscCalibration::Verdict::nothing);
  EXPECT_FALSE(calibration.scale());
}

TEST(TscCalibration, IgnoresASampleThatWasInterrupted) {
  FakeMachine machine(2'000'000'000, pm_timer, 10);
  TscCalibration calibration;
  calibration.begin(pm_timer, machine.sample());
  machine.pass(10 * millisecond);
  ASSERT_EQ(calibration.consider(machine.sample()), TscCalibration::Verdict::better);
  const std::uint64_t before = calibration.error_ppb();
  machine.pass(40 * millisecond);
  EXPECT_EQ(calibration.consider(machine.sample(20 * millisecond)),
            TscCalibration::Verdict::nothing);
  EXPECT_EQ(calibration.error_ppb(), before);
}

TEST(TscCalibration, NoticesARateThatChanges) {
  FakeMachine machine(2'000'000'000, pm_timer, 11);
  TscCalibration calibration;
  calibration.begin(pm_timer, machine.sample());
  machine.pass(40 * millisecond);
  ASSERT_EQ(calibration.consider(machine.sample()), TscCalibration::Verdict::better);
  machine.set_tsc_hertz(1'600'000'000);
  machine.pass(100 * millisecond);
  EXPECT_EQ(calibration.consider(machine.sample()), TscCalibration::Verdict::inconsistent);
}

TEST(TscCalibration, NoticesACounterThatGoesBackOrStands) {
  FakeMachine machine(2'000'000'000, pm_timer, 12);
  TscCalibration calibration;
  const TscSample first = machine.sample();
  calibration.begin(pm_timer, first);
  machine.pass(40 * millisecond);
  TscSample back = machine.sample();
  back.tsc = first.tsc;
  EXPECT_EQ(calibration.consider(back), TscCalibration::Verdict::inconsistent);
  back.tsc = first.tsc - 1;
  EXPECT_EQ(calibration.consider(back), TscCalibration::Verdict::inconsistent);
}

TEST(TscCalibration, FindsNoRateWhenTheSlowCounterStands) {
  FakeMachine machine(2'000'000'000, pm_timer, 13);
  TscCalibration calibration;
  TscSample sample = machine.sample();
  calibration.begin(pm_timer, sample);
  sample.tsc += 100'000'000;
  EXPECT_EQ(calibration.consider(sample), TscCalibration::Verdict::nothing);
}

TEST(TscCalibration, SurvivesAnySamples) {
  std::mt19937_64 random(14);
  TscCalibration calibration;
  for (int i = 0; i < 100'000; ++i) {
    const TscSample sample{.tsc = random() >> (random() % 64),
                           .half_width = random() >> (2 + random() % 62),
                           .reference = random()};
    if (random() % 8 == 0) {
      calibration.begin(random() % 2 == 0 ? pm_timer : pit, sample);
    } else if (calibration.consider(sample) == TscCalibration::Verdict::better) {
      ASSERT_TRUE(calibration.scale());
    }
  }
}

} // namespace
} // namespace skerry::x86_64
