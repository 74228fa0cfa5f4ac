// SPDX-License-Identifier: Apache-2.0
// Clocks and sleeping.
#include "src/posix/calls.hpp"
#include "src/posix/time.hpp"

#include <core/units.hpp>
#include <hal/clock.hpp>
#include <kernel/wait_queue.hpp>

namespace skerry::posix {
namespace {

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

/// The times that processors spend are told, and not waited for.
bool is_waited_for(int clock) {
  return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC || clock == CLOCK_BOOTTIME;
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
  TRY(read_clock(clock));
  if (!is_waited_for(clock)) {
    return fail(std::errc::operation_not_supported);
  }
  const timespec wanted = TRY(request.read());
  if (flags == 0) {
    return sleep_for(TRY(to_duration(wanted)), remaining);
  }
  if (flags != TIMER_ABSTIME) {
    return fail(std::errc::invalid_argument);
  }
  TRY(sleep_until(TRY(deadline_on(clock, wanted))));
  return 0;
}

Result<long> sys_nanosleep(UserPointer<const timespec> request, UserPointer<timespec> remaining) {
  return sleep_for(TRY(to_duration(TRY(request.read()))), remaining);
}

} // namespace skerry::posix
