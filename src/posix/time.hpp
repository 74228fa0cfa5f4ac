// SPDX-License-Identifier: Apache-2.0
// POSIX times in the floors' units.
#pragma once

#include "src/posix/user_pointer.hpp"

#include <core/result.hpp>
#include <core/units.hpp>

#include <cstdint>
#include <time.h>

namespace skerry::posix {

class Countdown;

[[nodiscard]] timespec to_timespec(std::int64_t nanoseconds);

/// Errors: invalid_argument  negative, or nanoseconds out of range
[[nodiscard]] Result<Duration> to_duration(const timespec& value);

/// Nanoseconds on `clock` now.
/// Errors: invalid_argument  no clock that we have; no_such_device  no date is kept
[[nodiscard]] Result<std::int64_t> read_clock(int clock);

/// The instant at which `clock` will show `value`.
[[nodiscard]] Result<Instant> deadline_on(int clock, const timespec& value);

/// When a timer goes off first, and the time between two.
struct TimerSetting {
  Instant first = Instant::never();
  Duration interval;
};
/// What timer_settime(2) and timerfd_settime(2) are given. A zero time stops the timer.
/// Errors: invalid_argument  a time out of range, a clock that we do not have
[[nodiscard]] Result<TimerSetting> read_setting(int clock, const itimerspec& value,
                                                bool is_absolute);
/// What they answer about a timer.
[[nodiscard]] itimerspec to_itimerspec(const Countdown& countdown);

} // namespace skerry::posix
