// SPDX-License-Identifier: Apache-2.0
// The monotonic clock: reading it, and what is done now and then when it is read.
#include "platform/x86_64/clock.hpp"

#include "platform/x86_64/clock_counter.hpp"
#include "platform/x86_64/cpuid.hpp"
#include "platform/x86_64/tsc.hpp"
#include "platform/x86_64/tsc_timeline.hpp"

#include <core/log.hpp>
#include <hal/clock.hpp>
#include <hal/cpu.hpp>

#include <atomic>

namespace skerry::x86_64 {
namespace {

constexpr std::uint64_t never = ~std::uint64_t{0};
constexpr std::uint64_t millisecond = 1'000'000;

// No processor's counter is faster: a clock at this rate lags behind the true one, so that time
// only jumps forward when the true rate is known.
constexpr std::uint64_t coarse_hertz = 5'000'000'000;

// Windows of measurement: each four times the one before; the last gives a millionth or better.
constexpr std::uint64_t first_window = 10 * millisecond;
constexpr std::uint64_t last_window = 40'000 * millisecond;
constexpr std::uint64_t window_growth = 4;
constexpr unsigned agreements_for_trust = 2;
constexpr unsigned max_failures = 3;

// A counter that falls back by more than this was set back (a machine that was restored); by less,
// it is the difference between two CPUs, which the floor below evens out.
constexpr std::uint64_t setback = millisecond;

enum class Source : std::uint8_t { coarse, tsc, reference, pvclock };

struct State {
  std::atomic<Source> source = Source::coarse;
  TscTimeline timeline;
  /// The latest time that was given out.
  std::atomic<std::uint64_t> latest = 0;

  const volatile PvclockTimeInfo* pvclock = nullptr;
  std::uint64_t pvclock_start = 0; ///< what it showed, so many nanoseconds after the entry:
  std::uint64_t pvclock_base = 0;

  ReferenceCounter reference;
  TickScale reference_scale;
  ClockCounter reference_count;
  /// Added to the slow counter's time; wraps.
  std::atomic<std::uint64_t> reference_base = 0;

  std::uint64_t entry_tsc = 0;
  TscCalibration calibration;
  std::uint64_t window = first_window;
  unsigned failures = 0;
  bool trusts_tsc = false;
  std::atomic<std::uint64_t> next_sample = never;
  std::atomic<bool> is_sampling = false;

  std::atomic<bool> has_changed = false;
  std::atomic<bool> has_wall_clock = false;
  std::atomic<std::int64_t> wall_base = 0;
};

constinit State state;

/// Both counters at one moment: of several readings the one that took least time counts, for then
/// nothing came in between.
TscSample take_sample() {
  constexpr int readings = 5;
  TscSample best;
  best.half_width = never;
  for (int i = 0; i < readings; ++i) {
    const std::uint64_t before = read_tsc();
    const std::uint64_t reference = state.reference.read();
    const std::uint64_t after = read_tsc();
    const std::uint64_t half_width = after > before ? (after - before) / 2 + 1 : never / 4;
    if (half_width < best.half_width) {
      best = {.tsc = before + half_width, .half_width = half_width, .reference = reference};
    }
  }
  return best;
}

std::uint64_t reference_nanoseconds() {
  const std::uint64_t ticks = state.reference_count.advance(state.reference.read());
  return state.reference_base.load(std::memory_order_relaxed) +
         state.reference_scale.to_nanoseconds(ticks);
}

std::uint64_t pvclock_nanoseconds() {
  const auto host = read_pvclock(*state.pvclock, read_tsc);
  if (!host || *host < state.pvclock_start) {
    return 0; // not_before_latest() makes of it the time that was last told
  }
  return state.pvclock_base + (*host - state.pvclock_start);
}

/// Time given out never goes back, on whatever CPU and whatever the sources do.
std::uint64_t not_before_latest(std::uint64_t now) {
  std::uint64_t latest = state.latest.load(std::memory_order_relaxed);
  while (now > latest) {
    if (state.latest.compare_exchange_weak(latest, now, std::memory_order_relaxed)) {
      return now;
    }
  }
  return latest;
}

void switch_to_tsc(TickScale scale) {
  const std::uint64_t now = reference_nanoseconds();
  state.timeline.restart(read_tsc(), now, scale);
  state.source.store(Source::tsc, std::memory_order_release);
  state.has_changed.store(true, std::memory_order_relaxed);
}

void switch_to_reference(std::uint64_t now) {
  const std::uint64_t ticks = state.reference_count.resume(state.reference.read());
  state.reference_base.store(now - state.reference_scale.to_nanoseconds(ticks),
                             std::memory_order_relaxed);
  state.source.store(Source::reference, std::memory_order_release);
  state.has_changed.store(true, std::memory_order_relaxed);
}

void use_better_scale() {
  const TickScale scale = *state.calibration.scale();
  if (state.source.load(std::memory_order_relaxed) == Source::tsc) {
    state.timeline.bend(read_tsc(), scale);
  } else if (state.trusts_tsc && state.calibration.agreements() >= agreements_for_trust) {
    switch_to_tsc(scale);
  }
}

void give_in_to_inconsistency(const TscSample& sample, std::uint64_t now) {
  const bool is_tsc = state.source.load(std::memory_order_relaxed) == Source::tsc;
  if (is_tsc && state.reference.may_be_clock) {
    switch_to_reference(now);
  }
  ++state.failures;
  state.window = first_window;
  state.calibration.begin(state.reference.properties, sample);
}

/// One more sample of the measurement. `now` is the time.
void refine(std::uint64_t now) {
  const TscSample sample = take_sample();
  switch (state.calibration.consider(sample)) {
  case TscCalibration::Verdict::better:
    use_better_scale();
    break;
  case TscCalibration::Verdict::inconsistent:
    give_in_to_inconsistency(sample, now);
    break;
  case TscCalibration::Verdict::restarted:
    ++state.failures;
    state.window = first_window;
    break;
  case TscCalibration::Verdict::nothing:
    break;
  }
  const bool finished = state.window > last_window || state.failures > max_failures;
  state.next_sample.store(finished ? never : now + state.window, std::memory_order_relaxed);
  state.window *= window_growth;
}

/// The counter is behind what was given out already: goes on from there.
void overcome_setback(std::uint64_t tsc, std::uint64_t latest) {
  state.timeline.restart(tsc, latest, state.timeline.scale());
  state.next_sample.store(never, std::memory_order_relaxed); // its windows reach across the setback
}

std::uint64_t source_nanoseconds() {
  switch (state.source.load(std::memory_order_acquire)) {
  case Source::pvclock:
    return pvclock_nanoseconds();
  case Source::reference:
    return reference_nanoseconds();
  case Source::tsc:
  case Source::coarse:
    break;
  }
  return state.timeline.at(read_tsc());
}

/// What reading the clock entails now and then; at most one CPU does it, and nobody waits. The
/// clock is read again in here: the caller may have been interrupted since it looked.
[[gnu::noinline]] void service() {
  const hal::InterruptsOff off;
  if (state.is_sampling.exchange(true, std::memory_order_acquire)) {
    return;
  }
  const std::uint64_t latest = state.latest.load(std::memory_order_relaxed);
  const std::uint64_t now = source_nanoseconds();
  if (now + setback < latest && state.source.load(std::memory_order_relaxed) == Source::tsc) {
    overcome_setback(read_tsc(), latest);
  } else if (now >= state.next_sample.load(std::memory_order_relaxed)) {
    refine(now);
  }
  state.is_sampling.store(false, std::memory_order_release);
}

/// How long the machine ran before the clock was started, at a rate that is known to some
/// hundredths only: the time in question is that of the first boot phases.
std::uint64_t nanoseconds_before_reference() {
  constexpr std::uint64_t least_window = 20'000;
  constexpr int max_readings = 1'000;
  const std::uint64_t longest = ticks_without_wrap(state.reference.properties);
  TscSample first = take_sample();
  for (int i = 0; i < max_readings; ++i) {
    const TscSample last = take_sample();
    if (last.tsc - first.tsc > longest) {
      first = last;
      continue;
    }
    const std::uint64_t ticks =
        (last.reference - first.reference) & state.reference.properties.mask;
    const std::uint64_t window = state.reference_scale.to_nanoseconds(ticks);
    if (window >= least_window && last.tsc > first.tsc && last.tsc > state.entry_tsc) {
      return multiply_divide(last.tsc - state.entry_tsc, window, last.tsc - first.tsc);
    }
  }
  return never;
}

/// The last resort: waits until the counters have been measured well enough to start with.
Result<> wait_for_measurement() {
  constexpr std::uint64_t longest_wait = 10 * millisecond;
  constexpr int max_readings = 10'000; // each takes some microseconds
  constexpr int max_restarts = 64;     // of a processor that is often away
  int restarts = 0;
  const std::uint64_t longest = ticks_without_wrap(state.reference.properties);
  TscSample first = take_sample();
  state.calibration.begin(state.reference.properties, first);
  for (int i = 0; i < max_readings; ++i) {
    const TscSample sample = take_sample();
    const std::uint64_t ticks =
        (sample.reference - first.reference) & state.reference.properties.mask;
    const std::uint64_t waited = state.reference_scale.to_nanoseconds(ticks);
    if (waited < millisecond && sample.tsc - first.tsc <= longest) {
      continue;
    }
    switch (state.calibration.consider(sample)) {
    case TscCalibration::Verdict::better:
      return {};
    case TscCalibration::Verdict::restarted:
      first = sample;
      if (++restarts > max_restarts) {
        return fail(std::errc::no_such_device);
      }
      continue;
    default:
      break;
    }
    if (waited > longest_wait) {
      break;
    }
  }
  return fail(std::errc::no_such_device);
}

} // namespace

void begin_time(std::uint64_t entry_tsc) {
  const std::uint64_t now = read_tsc();
  state.entry_tsc = entry_tsc != 0 && entry_tsc < now ? entry_tsc : now;
  state.timeline.restart(state.entry_tsc, 0, *TickScale::from_hertz(coarse_hertz));
}

void start_clock_from_pvclock(const volatile PvclockTimeInfo& info) {
  const auto scale = pvclock_scale(info.tsc_to_system_multiplier, info.tsc_shift);
  state.pvclock = &info;
  state.pvclock_base = scale ? scale->to_nanoseconds(read_tsc() - state.entry_tsc) : 0;
  state.pvclock_start = read_pvclock(info, read_tsc).value_or(0);
  state.source.store(Source::pvclock, std::memory_order_release);
}

Result<> start_clock_from_tsc(std::uint64_t hertz) {
  const auto scale = TickScale::from_hertz(hertz);
  if (!scale) {
    log::error("clock", "the time-stamp counter's rate is announced as {} Hz", hertz);
    return fail(std::errc::invalid_argument);
  }
  state.timeline.restart(state.entry_tsc, 0, *scale);
  state.source.store(Source::tsc, std::memory_order_release);
  return {};
}

Result<> start_clock_from_reference(const ReferenceCounter& reference) {
  const auto scale = TickScale::from_hertz(reference.properties.hertz);
  if (!scale) {
    return fail(std::errc::no_such_device);
  }
  state.reference = reference;
  state.reference_scale = *scale;
  state.trusts_tsc = cpu_has_invariant_tsc() || cpu_has_hypervisor();
  const std::uint64_t before = nanoseconds_before_reference();
  if (before == never) {
    return fail(std::errc::no_such_device);
  }
  if (reference.may_be_clock) {
    state.reference_count.begin(reference.properties.mask, reference.read());
    state.reference_base.store(before, std::memory_order_relaxed);
    state.calibration.begin(reference.properties, take_sample());
    state.source.store(Source::reference, std::memory_order_release);
  } else {
    TRY(wait_for_measurement());
    state.timeline.restart(state.entry_tsc, 0, *state.calibration.scale());
    state.source.store(Source::tsc, std::memory_order_release);
  }
  state.next_sample.store(before + first_window, std::memory_order_relaxed);
  return {};
}

void set_wall_clock(std::int64_t nanoseconds) {
  const std::int64_t elapsed = hal::monotonic_now().since_boot().in_nanoseconds();
  state.wall_base.store(nanoseconds - elapsed, std::memory_order_relaxed);
  state.has_wall_clock.store(true, std::memory_order_release);
}

Duration clock_service_interval() {
  if (state.source.load(std::memory_order_relaxed) != Source::reference) {
    return Duration::max();
  }
  // A quarter of the slow counter's period, and soon enough for the next measurement.
  const std::uint64_t period =
      state.reference_scale.to_nanoseconds(state.reference.properties.mask);
  return Duration::nanoseconds(static_cast<std::int64_t>(period / 4));
}

std::optional<TickScale> clock_tsc_scale() {
  switch (state.source.load(std::memory_order_acquire)) {
  case Source::tsc:
    return state.timeline.scale();
  case Source::pvclock:
    return pvclock_scale(state.pvclock->tsc_to_system_multiplier, state.pvclock->tsc_shift);
  default:
    return std::nullopt;
  }
}

void report_clock_changes() {
  if (!state.has_changed.load(std::memory_order_relaxed) ||
      !state.has_changed.exchange(false, std::memory_order_relaxed)) {
    return;
  }
  if (state.source.load(std::memory_order_relaxed) == Source::tsc) {
    log::info("clock", "time-stamp counter at {} kHz, measured to {} ppm with {}",
              state.timeline.scale().hertz() / 1'000, state.calibration.error_ppb() / 1'000 + 1,
              state.reference.name);
  } else {
    log::warning("clock", "the time-stamp counter's rate is not constant; back to {}",
                 state.reference.name);
  }
}

} // namespace skerry::x86_64

namespace skerry::hal {

Instant monotonic_now() {
  using namespace x86_64;
  std::uint64_t now = source_nanoseconds();
  // One of the two is true a few times in the life of an image.
  if (now >= state.next_sample.load(std::memory_order_relaxed) ||
      now + setback < state.latest.load(std::memory_order_relaxed)) [[unlikely]] {
    service();
    now = source_nanoseconds();
  }
  constexpr std::uint64_t last_instant = ~std::uint64_t{0} >> 1U;
  now = not_before_latest(now < last_instant ? now : last_instant);
  return Instant::since_boot(Duration::nanoseconds(static_cast<std::int64_t>(now)));
}

Result<std::int64_t> wall_clock_nanoseconds() {
  if (!x86_64::state.has_wall_clock.load(std::memory_order_acquire)) {
    return fail(std::errc::no_such_device);
  }
  return x86_64::state.wall_base.load(std::memory_order_relaxed) +
         monotonic_now().since_boot().in_nanoseconds();
}

std::string_view clock_source_name() {
  switch (x86_64::state.source.load(std::memory_order_acquire)) {
  case x86_64::Source::pvclock:
    return "pvclock";
  case x86_64::Source::reference:
    return x86_64::state.reference.name;
  case x86_64::Source::tsc:
  case x86_64::Source::coarse:
    break;
  }
  return "tsc";
}

} // namespace skerry::hal
