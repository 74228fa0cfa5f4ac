// SPDX-License-Identifier: Apache-2.0
// Clocks and conversions.
#include "src/posix/time.hpp"

#include "src/posix/countdown.hpp"
#include "src/posix/process.hpp"
#include "src/posix/signals.hpp"
#include "src/posix/task.hpp"

#include <hal/clock.hpp>
#include <kernel/thread.hpp>

namespace skerry::posix {
namespace {

constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;

bool is_monotonic(int clock) {
  return clock == CLOCK_MONOTONIC || clock == CLOCK_MONOTONIC_RAW ||
         clock == CLOCK_MONOTONIC_COARSE || clock == CLOCK_BOOTTIME;
}

/// Clocks of one thread or of the process have negative numbers: the complement of the number of
/// the thread or process, and three bits that say which time is meant.
Result<std::int64_t> read_encoded_clock(int clock) {
  constexpr int is_thread = 4;
  constexpr int scheduler_time = 2;
  const int number = ~(clock >> 3);
  if ((clock & 3) != scheduler_time) {
    return fail(std::errc::invalid_argument);
  }
  if ((clock & is_thread) == 0) {
    return number == 0 || number == process_id
               ? Result<std::int64_t>(process_time().in_nanoseconds())
               : fail(std::errc::invalid_argument);
  }
  const Task* task = number == 0 ? &current_task() : find_task(number);
  return task != nullptr
             ? Result<std::int64_t>(kernel::processor_time(*task->thread).in_nanoseconds())
             : fail(std::errc::invalid_argument);
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
  if (clock == CLOCK_PROCESS_CPUTIME_ID) {
    return process_time().in_nanoseconds();
  }
  if (clock == CLOCK_THREAD_CPUTIME_ID) {
    return kernel::processor_time(kernel::current_thread()).in_nanoseconds();
  }
  return clock < 0 ? read_encoded_clock(clock) : fail(std::errc::invalid_argument);
}

Result<Instant> deadline_on(int clock, const timespec& value) {
  const Duration wanted = TRY(to_duration(value));
  const Duration shown = Duration::nanoseconds(TRY(read_clock(clock)));
  return hal::monotonic_now() + (wanted - shown);
}

Result<TimerSetting> read_setting(int clock, const itimerspec& value, bool is_absolute) {
  const Duration first = TRY(to_duration(value.it_value));
  TimerSetting setting{.interval = TRY(to_duration(value.it_interval))};
  if (first != Duration()) {
    setting.first =
        is_absolute ? TRY(deadline_on(clock, value.it_value)) : hal::monotonic_now() + first;
  }
  return setting;
}

itimerspec to_itimerspec(const Countdown& countdown) {
  itimerspec value{};
  value.it_value = to_timespec(countdown.left().in_nanoseconds());
  value.it_interval = to_timespec(countdown.interval().in_nanoseconds());
  return value;
}

} // namespace skerry::posix
