// SPDX-License-Identifier: Apache-2.0
// Clocks and sleeping.
#include "src/posix/calls.hpp"

#include <core/units.hpp>
#include <hal/clock.hpp>
#include <kernel/wait_queue.hpp>

namespace skerry::posix {
namespace {

constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;

timespec to_timespec(std::int64_t nanoseconds) {
  timespec result{};
  result.tv_sec = nanoseconds / nanoseconds_per_second;
  result.tv_nsec = nanoseconds % nanoseconds_per_second;
  return result;
}

Result<Duration> to_duration(const timespec& value) {
  if (value.tv_sec < 0 || value.tv_nsec < 0 || value.tv_nsec >= nanoseconds_per_second) {
    return fail(std::errc::invalid_argument);
  }
  return Duration::seconds(value.tv_sec) + Duration::nanoseconds(value.tv_nsec);
}

bool is_monotonic(int clock) {
  return clock == CLOCK_MONOTONIC || clock == CLOCK_MONOTONIC_RAW ||
         clock == CLOCK_MONOTONIC_COARSE || clock == CLOCK_BOOTTIME;
}

Result<std::int64_t> read_clock(int clock) {
  if (is_monotonic(clock)) {
    return hal::monotonic_now().since_boot().in_nanoseconds();
  }
  if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) {
    return hal::wall_clock_nanoseconds();
  }
  return fail(std::errc::invalid_argument);
}

/// Sleeps until `deadline`; a signal ends it.
Result<> sleep_until(Instant deadline) {
  kernel::WaitQueue nobody_wakes_it;
  const auto result = nobody_wakes_it.wait_until([] { return false; }, deadline);
  if (result == kernel::WaitResult::interrupted) {
    return fail(std::errc::interrupted);
  }
  return {};
}

Result<long> sleep_for(Duration span, UserPointer<timespec> remaining) {
  const Instant deadline = hal::monotonic_now() + span;
  const auto result = sleep_until(deadline);
  if (!result && !remaining.is_null()) {
    const std::int64_t left = (deadline - hal::monotonic_now()).in_nanoseconds();
    TRY(remaining.write(to_timespec(left > 0 ? left : 0)));
  }
  TRY(result);
  return 0;
}

} // namespace

Result<long> sys_clock_gettime(int clock, UserPointer<timespec> result) {
  TRY(result.write(to_timespec(TRY(read_clock(clock)))));
  return 0;
}

Result<long> sys_clock_getres(int clock, UserPointer<timespec> result) {
  TRY(read_clock(clock));
  if (!result.is_null()) {
    TRY(result.write(to_timespec(1)));
  }
  return 0;
}

Result<long> sys_clock_nanosleep(int clock, int flags, UserPointer<const timespec> request,
                                 UserPointer<timespec> remaining) {
  const std::int64_t now = TRY(read_clock(clock));
  const Duration wanted = TRY(to_duration(TRY(request.read())));
  if (flags == 0) {
    return sleep_for(wanted, remaining);
  }
  if (flags != TIMER_ABSTIME) {
    return fail(std::errc::invalid_argument);
  }
  TRY(sleep_until(hal::monotonic_now() + (wanted - Duration::nanoseconds(now))));
  return 0;
}

Result<long> sys_nanosleep(UserPointer<const timespec> request, UserPointer<timespec> remaining) {
  return sleep_for(TRY(to_duration(TRY(request.read()))), remaining);
}

} // namespace skerry::posix
