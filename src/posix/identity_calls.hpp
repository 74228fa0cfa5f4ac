// SPDX-License-Identifier: Apache-2.0
// The calls about who the process is, what it may use, and the machine's power; as those in
// calls.hpp.
#pragma once

#include "src/posix/user_pointer.hpp"

#include <core/result.hpp>

#include <cstddef>
#include <cstdint>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/types.h>
#include <time.h>

namespace skerry::posix {

// There is one user, 0, in one group, 0: what already holds may be set, nothing else.
Result<long> sys_getresuid(UserPointer<uid_t> real, UserPointer<uid_t> effective,
                           UserPointer<uid_t> saved);
Result<long> sys_getresgid(UserPointer<gid_t> real, UserPointer<gid_t> effective,
                           UserPointer<gid_t> saved);
Result<long> sys_setuid(uid_t user);
Result<long> sys_setgid(gid_t group);
Result<long> sys_setreuid(uid_t real, uid_t effective);
Result<long> sys_setregid(gid_t real, gid_t effective);
Result<long> sys_setresuid(uid_t real, uid_t effective, uid_t saved);
Result<long> sys_setresgid(gid_t real, gid_t effective, gid_t saved);
/// Both return what held before, whether it was changed or not.
Result<long> sys_setfsuid(uid_t user);
Result<long> sys_setfsgid(gid_t group);
Result<long> sys_setgroups(std::size_t count, UserPointer<const gid_t> groups);

// One process, which leads its group and its session, and has no children.
Result<long> sys_setpgid(int process, int group);
Result<long> sys_setsid();
Result<long> sys_wait4(int process, UserPointer<int> status, int options,
                       UserPointer<rusage> usage);
Result<long> sys_waitid(int which, int id, std::uint64_t details, int options,
                        UserPointer<rusage> usage);
Result<long> sys_personality(unsigned long persona);

Result<long> sys_getrlimit(int resource, UserPointer<rlimit> limit);
Result<long> sys_setrlimit(int resource, UserPointer<const rlimit> limit);

// The wall clock is the host's: it is read and never set.
Result<long> sys_time(UserPointer<time_t> result);
Result<long> sys_gettimeofday(UserPointer<timeval> result, UserPointer<struct timezone> zone);
Result<long> sys_settimeofday(UserPointer<const timeval> value,
                              UserPointer<const struct timezone> zone);
Result<long> sys_clock_settime(int clock, UserPointer<const timespec> value);

/// Power off, halt and restart, by the command word of reboot(2).
Result<long> sys_reboot(std::uint32_t first_magic, std::uint32_t second_magic,
                        std::uint32_t command, std::uint64_t argument);

} // namespace skerry::posix
