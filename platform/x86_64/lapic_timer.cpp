// SPDX-License-Identifier: Apache-2.0
// One deadline, kept by the local APIC. The hardware may be set to fire early (its count is too
// short, its rate is not well known yet, the clock wants to be read): then it is armed again, and
// the kernel is told only when its deadline has passed.
#include "platform/x86_64/lapic_timer.hpp"

#include "platform/x86_64/clock.hpp"
#include "platform/x86_64/cpuid.hpp"
#include "platform/x86_64/interrupt_vectors.hpp"
#include "platform/x86_64/lapic.hpp"
#include "platform/x86_64/tsc.hpp"

#include <hal/clock.hpp>
#include <hal/cpu.hpp>
#include <kernel/interrupt.hpp>

namespace skerry::x86_64 {
namespace {

constexpr std::uint32_t greatest_count = ~std::uint32_t{0};

// The countdown's rate is measured between two moments at which the timer is touched anyway. If the
// first deadline comes sooner than the least window after the start, it is waited for that long.
// Until the window is good, no wait is longer than some windows, so that an error does not grow.
constexpr Duration least_window = Duration::microseconds(100);
constexpr Duration good_window = Duration::milliseconds(50);
constexpr std::int64_t windows_to_wait = 8;
constexpr int max_looks = 100'000;

// What the first measurement counts down from: 0.1 s at 1 GHz (hypervisors), 1.3 s at 100 MHz (old
// processors), which is also often enough for the clock to be read.
constexpr std::uint32_t first_count = 0x7f'ffff;

/// Of the only CPU that runs so far. All of it is touched with interrupts off.
struct LocalTimer {
  bool is_started = false;
  bool uses_deadline = false;
  Instant deadline = Instant::never(); ///< the kernel's

  TickScale scale;        ///< of the count
  Duration window;        ///< that `scale` was measured over; max() when it was told
  Instant counting_since; ///< when `initial_count` was set
  std::uint32_t initial_count = 0;
};

constinit LocalTimer timer;

void start_counting(std::uint32_t count, Instant now) {
  local_timer::set_count(count);
  timer.initial_count = count;
  timer.counting_since = now;
}

[[nodiscard]] bool is_measured() {
  return timer.window >= least_window;
}

/// Takes the running count, of which `left` is left, for a measurement of its rate if it is the
/// longest so far.
void measure(Instant now, std::uint32_t left) {
  const Duration window = now - timer.counting_since;
  if (timer.window >= good_window || window <= timer.window || left >= timer.initial_count) {
    return;
  }
  const auto measured = TickScale::from_measurement(
      timer.initial_count - left, static_cast<std::uint64_t>(window.in_nanoseconds()));
  if (measured) {
    timer.scale = *measured;
    timer.window = window;
  }
}

/// A count that has run out says how long ago only when its interrupt has just come.
void measure_running(Instant now) {
  const std::uint32_t left = local_timer::count();
  if (left != 0) {
    measure(now, left);
  }
}

void measure_now() {
  for (int i = 0; i < max_looks && !is_measured(); ++i) {
    const Instant now = hal::monotonic_now();
    if (local_timer::count() == 0) {
      start_counting(first_count, now);
    } else if (now - timer.counting_since >= least_window) {
      measure_running(now);
    }
    hal::relax();
  }
}

void fire_after_count(Duration wait) {
  if (!is_measured()) {
    measure_now();
  }
  const Instant now = hal::monotonic_now();
  measure_running(now);
  if (timer.window < good_window) {
    const auto longest = Duration::nanoseconds(timer.window.in_nanoseconds() * windows_to_wait);
    wait = wait < longest ? wait : longest;
  }
  const std::uint64_t ticks =
      timer.scale.to_ticks(static_cast<std::uint64_t>(wait.in_nanoseconds()));
  const std::uint64_t least = ticks != 0 ? ticks : 1; // 0 would disarm
  start_counting(least < greatest_count ? static_cast<std::uint32_t>(least) : greatest_count, now);
}

void fire_at_counter(Duration wait) {
  const auto scale = clock_tsc_scale();
  const std::uint64_t now = read_tsc();
  const std::uint64_t ticks =
      scale ? scale->to_ticks(static_cast<std::uint64_t>(wait.in_nanoseconds())) : 0;
  // A value in the past fires at once; 0 would disarm.
  const std::uint64_t target = now + ticks >= now ? now + ticks : ~std::uint64_t{0};
  local_timer::set_deadline(target != 0 ? target : 1);
}

void disarm() {
  if (timer.uses_deadline) {
    local_timer::set_deadline(0);
    return;
  }
  measure_running(hal::monotonic_now());
  start_counting(0, Instant());
}

/// No deadline, and the rate is not known yet: the first count goes on, so that it is known later.
void keep_measuring() {
  if (local_timer::count() == 0) {
    start_counting(first_count, hal::monotonic_now());
  }
}

/// Sets the hardware to what is wanted first: the kernel's deadline, or the clock's need to be
/// read.
void program() {
  const Duration service = clock_service_interval();
  if (timer.deadline == Instant::never() && !timer.uses_deadline && !is_measured()) {
    return keep_measuring();
  }
  if (timer.deadline == Instant::never() && service == Duration::max()) {
    return disarm();
  }
  const Duration until = timer.deadline - hal::monotonic_now();
  const Duration wait = until < Duration() ? Duration() : until;
  const Duration soonest = wait < service ? wait : service;
  if (timer.uses_deadline) {
    fire_at_counter(soonest);
  } else {
    fire_after_count(soonest);
  }
}

} // namespace

void start_local_timer() {
  const hal::InterruptsOff off;
  timer.uses_deadline = cpu_has_tsc_deadline() && clock_tsc_scale().has_value();
  if (timer.uses_deadline) {
    local_timer::set_up(local_timer::Mode::tsc_deadline, timer_vector);
  } else {
    local_timer::set_up(local_timer::Mode::one_shot, timer_vector);
    const auto announced = announced_apic_hertz();
    const auto scale =
        announced ? TickScale::from_hertz(*announced / local_timer::divisor) : std::nullopt;
    timer.window = scale ? Duration::max() : Duration();
    timer.scale = scale.value_or(TickScale());
    start_counting(first_count, hal::monotonic_now());
  }
  timer.is_started = true;
  program();
}

void handle_local_timer() {
  report_clock_changes();
  const Instant now = hal::monotonic_now();
  if (!timer.uses_deadline && local_timer::count() == 0) {
    measure(now, 0);
    timer.initial_count = 0;
  }
  if (now < timer.deadline) {
    return program();
  }
  timer.deadline = Instant::never();
  kernel::on_timer_interrupt();
  // The kernel has armed anew in there, or needs nothing; the clock may.
  if (timer.deadline == Instant::never() && clock_service_interval() != Duration::max()) {
    program();
  }
}

} // namespace skerry::x86_64

namespace skerry::hal {

void arm_timer(Instant deadline) {
  const InterruptsOff off;
  auto& timer = x86_64::timer;
  if (timer.is_started && deadline == timer.deadline) {
    return;
  }
  timer.deadline = deadline;
  if (timer.is_started) {
    x86_64::program();
  }
}

} // namespace skerry::hal
