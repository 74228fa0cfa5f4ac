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

// The countdown's rate is measured at moments at which the timer is touched anyway. The first count
// lasts 0.1 s at 1 GHz (hypervisors) and 1.3 s at 100 MHz (old processors).
constexpr std::uint32_t first_count = 0x7f'ffff;
constexpr std::uint32_t least_ticks = 16; // of a measurement; a microsecond or less
constexpr int max_looks = 100'000;
/// The clock may show that much less than there is (a tick of ACPI's PM timer is 0.28 us).
constexpr Duration clock_granularity = Duration::microseconds(1);

/// Of the only CPU that runs so far. All of it is touched with interrupts off.
struct LocalTimer {
  bool is_started = false;
  bool uses_deadline = false;
  Instant deadline = Instant::never(); ///< the kernel's

  bool is_measured = false;
  /// Not less than the duration of a tick: what is armed with it may fire early, never late.
  TickScale scale;
  std::uint32_t initial_count = 0;
  Instant counting_since; ///< just before `initial_count` was set
};

constinit LocalTimer timer;

void start_counting(std::uint32_t count) {
  timer.initial_count = count;
  timer.counting_since = hal::monotonic_now();
  local_timer::set_count(count);
}

/// Compares the running count with the clock. Whatever comes in between makes a tick look longer
/// than it is, so the shortest that was ever measured is the best.
void measure() {
  const std::uint32_t ticks = timer.initial_count - local_timer::count();
  const Duration window = hal::monotonic_now() - timer.counting_since + clock_granularity;
  if (timer.initial_count == 0 || ticks < least_ticks) {
    return;
  }
  // The first tick may have been cut short.
  const auto measured =
      TickScale::from_measurement(ticks - 1, static_cast<std::uint64_t>(window.in_nanoseconds()));
  if (measured && (!timer.is_measured || measured->factor() < timer.scale.factor())) {
    timer.scale = *measured;
    timer.is_measured = true;
  }
}

/// Needed only when the first deadline comes within a microsecond of the start.
void measure_at_least_once() {
  for (int i = 0; i < max_looks && !timer.is_measured; ++i) {
    if (local_timer::count() == 0) {
      start_counting(first_count);
    }
    measure();
  }
}

void fire_after_count(Duration wait) {
  measure();
  measure_at_least_once();
  const std::uint64_t ticks =
      timer.scale.to_ticks(static_cast<std::uint64_t>(wait.in_nanoseconds()));
  const std::uint64_t least = ticks != 0 ? ticks : 1; // 0 would disarm
  start_counting(least < greatest_count ? static_cast<std::uint32_t>(least) : greatest_count);
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
  measure();
  if (timer.is_measured) {
    timer.initial_count = 0;
    local_timer::set_count(0);
  }
}

/// Sets the hardware to what is wanted first: the kernel's deadline, or the clock's need to be
/// read.
void program() {
  const Duration service = clock_service_interval();
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
    const auto hertz = announced_apic_hertz();
    const auto scale = hertz ? TickScale::from_hertz(*hertz / local_timer::divisor) : std::nullopt;
    timer.is_measured = scale.has_value();
    timer.scale = scale.value_or(TickScale());
    start_counting(first_count);
  }
  timer.is_started = true;
  program();
}

void handle_local_timer() {
  report_clock_changes();
  const Instant now = hal::monotonic_now();
  if (now < timer.deadline) {
    return program();
  }
  if (!timer.uses_deadline) {
    measure();
    timer.initial_count = 0;
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
