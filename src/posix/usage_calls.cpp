// SPDX-License-Identifier: Apache-2.0
// What the process has used, its place among others, and barriers: calls whose answers are few
// here.
#include "src/posix/calls.hpp"
#include "src/posix/process.hpp"
#include "src/posix/task.hpp"

#include <hal/clock.hpp>
#include <kernel/thread.hpp>
#include <mm/address_space.hpp>

#include <atomic>
#include <sched.h>

namespace skerry::posix {
namespace {

constexpr std::int64_t nanoseconds_per_tick = 10'000'000; // 100 per second, as sysconf(3) says

// membarrier(2): linux/membarrier.h.
constexpr int barrier_query = 0;
constexpr int barrier_global = 1 << 0;
constexpr int barrier_private = 1 << 3;
constexpr int barrier_register_private = 1 << 4;

constinit std::atomic<bool> barrier_is_registered = false;

/// Times in floors and in the application are not told apart: all of it is the application's.
rusage usage_of(Duration time) {
  rusage usage{};
  const std::int64_t microseconds = time.in_microseconds();
  usage.ru_utime.tv_sec = microseconds / 1'000'000;
  usage.ru_utime.tv_usec = microseconds % 1'000'000;
  return usage;
}

/// What getpriority(2) is asked about: 0 is the caller itself, its group or its user.
/// Errors: no_such_process; invalid_argument
Result<> check_priority_of(int which, int who) {
  bool exists = who == 0;
  switch (which) {
  case PRIO_PROCESS:
    exists = exists || find_task(who) != nullptr;
    break;
  case PRIO_PGRP:
    exists = exists || who == process_id;
    break;
  case PRIO_USER: // the one user is 0
    break;
  default:
    return fail(std::errc::invalid_argument);
  }
  return exists ? Result<>() : fail(std::errc::no_such_process);
}

} // namespace

Result<long> sys_getrusage(int who, UserPointer<rusage> result) {
  constexpr int children = -1;
  constexpr int own_thread = 1;
  if (who != RUSAGE_SELF && who != own_thread && who != children) {
    return fail(std::errc::invalid_argument);
  }
  const Duration time = who == RUSAGE_SELF  ? process_time()
                        : who == own_thread ? kernel::processor_time(kernel::current_thread())
                                            : Duration();
  rusage usage = usage_of(time);
  if (who != children) {
    const auto memory = mm::application_space().lock()->statistics();
    usage.ru_maxrss = static_cast<long>(memory.most_resident * mm::page_size / 1_KiB);
  }
  TRY(result.write(usage));
  return 0;
}

Result<long> sys_times(UserPointer<tms> result) {
  if (!result.is_null()) {
    tms used{};
    used.tms_utime = process_time().in_nanoseconds() / nanoseconds_per_tick;
    TRY(result.write(used));
  }
  return hal::monotonic_now().since_boot().in_nanoseconds() / nanoseconds_per_tick;
}

Result<long> sys_membarrier(int command, unsigned flags, int) {
  if (flags != 0) {
    return fail(std::errc::invalid_argument);
  }
  // One CPU: who calls has seen all that other threads did before they were switched away from.
  switch (command) {
  case barrier_query:
    return barrier_global | barrier_private | barrier_register_private;
  case barrier_register_private:
    barrier_is_registered = true;
    return 0;
  case barrier_private:
    return barrier_is_registered ? Result<long>(0) : fail(std::errc::operation_not_permitted);
  case barrier_global:
    return 0;
  default:
    return fail(std::errc::invalid_argument);
  }
}

Result<long> sys_sched_rr_get_interval(int thread, UserPointer<timespec> result) {
  if (thread < 0) {
    return fail(std::errc::invalid_argument);
  }
  if (thread != 0 && find_task(thread) == nullptr) {
    return fail(std::errc::no_such_process);
  }
  // Of SCHED_OTHER: how long a thread may run while another waits.
  constexpr timespec slice{.tv_sec = 0, .tv_nsec = 10'000'000};
  TRY(result.write(slice));
  return 0;
}

Result<long> sys_getpriority(int which, int who) {
  constexpr long default_priority = 20; // the call tells 20 - nice
  TRY(check_priority_of(which, who));
  return default_priority;
}

Result<long> sys_setpriority(int which, int who, int priority) {
  TRY(check_priority_of(which, who));
  return priority == 0 ? Result<long>(0) : fail(std::errc::operation_not_permitted);
}

Result<long> sys_getpgrp() {
  return process_id;
}

Result<long> sys_getpgid(int process) {
  return process == 0 || process == process_id ? Result<long>(process_id)
                                               : fail(std::errc::no_such_process);
}

Result<long> sys_getsid(int process) {
  return sys_getpgid(process);
}

Result<long> sys_getgroups(int count, std::uint64_t) {
  return count >= 0 ? Result<long>(0) : fail(std::errc::invalid_argument);
}

} // namespace skerry::posix
