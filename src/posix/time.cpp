// SPDX-License-Identifier: Apache-2.0
// Clocks and conversions.
#include "src/posix/time.hpp"

#include <hal/clock.hpp>

namespace skerry::posix {
namespace {

constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;

bool is_monotonic(int clock) {
  return clock == CLOCK_MONOTONIC || clock == CLOCK_MONOTONIC_RAW ||
         clock == CLOCK_MONOTONIC_COARSE || clock == CLOCK_BOOTTIME;
}

} // namespace

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

Result<std::int64_t> read_clock(int clock) {
  if (is_monotonic(clock)) {
    return hal::monotonic_now().since_boot().in_nanoseconds();
  }
  if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) {
    return hal::wall_clock_nanoseconds();
  }
  return fail(std::errc::invalid_argument);
}

Result<Instant> deadline_on(int clock, const timespec& value) {
  const Duration wanted = TRY(to_duration(value));
  const Duration shown = Duration::nanoseconds(TRY(read_clock(clock)));
  return hal::monotonic_now() + (wanted - shown);
}

} // namespace skerry::posix
