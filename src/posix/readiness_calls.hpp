// SPDX-License-Identifier: Apache-2.0
// The calls that wait for files to become ready; as those in calls.hpp.
#pragma once

#include "src/posix/user_pointer.hpp"

#include <core/result.hpp>

#include <cstddef>
#include <cstdint>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/time.h>
#include <time.h>

namespace skerry::posix {

Result<long> sys_epoll_create(int size);
Result<long> sys_epoll_create1(int flags);
Result<long> sys_epoll_ctl(int epoll, int operation, int descriptor,
                           UserPointer<const epoll_event> event);
Result<long> sys_epoll_wait(int epoll, UserPointer<epoll_event> events, int count,
                            int milliseconds);
Result<long> sys_epoll_pwait(int epoll, UserPointer<epoll_event> events, int count,
                             int milliseconds, UserPointer<const std::uint64_t> mask,
                             std::size_t mask_size);
Result<long> sys_epoll_pwait2(int epoll, UserPointer<epoll_event> events, int count,
                              UserPointer<const timespec> timeout,
                              UserPointer<const std::uint64_t> mask, std::size_t mask_size);

Result<long> sys_poll(UserPointer<pollfd> entries, std::size_t count, int milliseconds);
Result<long> sys_ppoll(UserPointer<pollfd> entries, std::size_t count,
                       UserPointer<timespec> timeout, UserPointer<const std::uint64_t> mask,
                       std::size_t mask_size);
Result<long> sys_select(int count, std::uint64_t readable, std::uint64_t writable,
                        std::uint64_t exceptional, UserPointer<timeval> timeout);
Result<long> sys_pselect6(int count, std::uint64_t readable, std::uint64_t writable,
                          std::uint64_t exceptional, UserPointer<timespec> timeout,
                          std::uint64_t mask_argument);

Result<long> sys_eventfd(unsigned value);
Result<long> sys_eventfd2(unsigned value, int flags);
Result<long> sys_pipe(UserPointer<int> descriptors);
Result<long> sys_pipe2(UserPointer<int> descriptors, int flags);
Result<long> sys_inotify_init();
Result<long> sys_inotify_init1(int flags);
Result<long> sys_inotify_add_watch(int descriptor, UserPointer<const char> path,
                                   std::uint32_t mask);
Result<long> sys_inotify_rm_watch(int descriptor, int number);
Result<long> sys_timerfd_create(int clock, int flags);
Result<long> sys_timerfd_settime(int descriptor, int flags, UserPointer<const itimerspec> value,
                                 UserPointer<itimerspec> old);
Result<long> sys_timerfd_gettime(int descriptor, UserPointer<itimerspec> value);

} // namespace skerry::posix
