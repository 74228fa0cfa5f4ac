// SPDX-License-Identifier: Apache-2.0
// The calls on timers that send signals; as those in calls.hpp.
#pragma once

#include "src/posix/user_pointer.hpp"

#include <core/result.hpp>

#include <cstddef>
#include <cstdint>
#include <sys/time.h>
#include <time.h>

namespace skerry::posix {

/// SIGEV_THREAD_ID; the C library makes SIGEV_THREAD of it.
inline constexpr int notify_thread = 4;

/// sigevent in the kernel's layout.
struct SignalEvent {
  std::uint64_t value = 0;
  int signal = 0;
  int notify = 0;
  int thread = 0; ///< of notify_thread
  int padding[11] = {};
};
static_assert(sizeof(SignalEvent) == 64);

Result<long> sys_timer_create(int clock, UserPointer<const SignalEvent> user,
                              UserPointer<int> result);
Result<long> sys_timer_settime(int id, int flags, UserPointer<const itimerspec> value,
                               UserPointer<itimerspec> old);
Result<long> sys_timer_gettime(int id, UserPointer<itimerspec> value);
Result<long> sys_timer_getoverrun(int id);
Result<long> sys_timer_delete(int id);
Result<long> sys_getitimer(int which, UserPointer<itimerval> value);
Result<long> sys_setitimer(int which, UserPointer<const itimerval> value,
                           UserPointer<itimerval> old);
Result<long> sys_alarm(unsigned seconds);
Result<long> sys_signalfd(int descriptor, UserPointer<const std::uint64_t> mask, std::size_t size);
Result<long> sys_signalfd4(int descriptor, UserPointer<const std::uint64_t> mask, std::size_t size,
                           int flags);

} // namespace skerry::posix
