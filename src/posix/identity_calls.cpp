// SPDX-License-Identifier: Apache-2.0
// Who the process is: one user, one group, one session, no children. Most answers are constants,
// and what would change them is refused.
#include "src/posix/identity_calls.hpp"

#include "src/posix/call_trace.hpp"
#include "src/posix/calls.hpp"
#include "src/posix/process.hpp"

#include <hal/clock.hpp>
#include <kernel/exit.hpp>

#include <algorithm>
#include <initializer_list>
#include <sys/syscall.h>
#include <sys/wait.h>

namespace skerry::posix {
namespace {

constexpr std::uint32_t unchanged = ~std::uint32_t{0}; // -1 in the calls that set several

// reboot(2): linux/reboot.h.
constexpr std::uint32_t reboot_magic = 0xfee1dead;
constexpr std::uint32_t reboot_second_magics[] = {672274793, 85072278, 369367448, 537993216};
constexpr std::uint32_t command_restart = 0x01234567;
constexpr std::uint32_t command_halt = 0xcdef0123;
constexpr std::uint32_t command_power_off = 0x4321fedc;
constexpr std::uint32_t command_keys_on = 0x89abcdef;
constexpr std::uint32_t command_keys_off = 0;

// personality(2): linux/personality.h.
constexpr unsigned long ask_persona = 0xffffffff;

Result<long> accept_root(std::initializer_list<std::uint32_t> ids) {
  for (const std::uint32_t id : ids) {
    if (id != 0 && id != unchanged) {
      return fail(std::errc::operation_not_permitted);
    }
  }
  return 0;
}

Result<long> tell_root(std::initializer_list<UserPointer<std::uint32_t>> places) {
  for (const UserPointer<std::uint32_t> place : places) {
    TRY(place.write(0));
  }
  return 0;
}

bool is_second_magic(std::uint32_t value) {
  return std::ranges::any_of(reboot_second_magics,
                             [value](std::uint32_t magic) { return value == magic; });
}

} // namespace

Result<long> sys_getresuid(UserPointer<uid_t> real, UserPointer<uid_t> effective,
                           UserPointer<uid_t> saved) {
  return tell_root({real, effective, saved});
}

Result<long> sys_getresgid(UserPointer<gid_t> real, UserPointer<gid_t> effective,
                           UserPointer<gid_t> saved) {
  return tell_root({real, effective, saved});
}

Result<long> sys_setuid(uid_t user) {
  return user == unchanged ? fail(std::errc::invalid_argument) : accept_root({user});
}

Result<long> sys_setgid(gid_t group) {
  return sys_setuid(group);
}

Result<long> sys_setreuid(uid_t real, uid_t effective) {
  return accept_root({real, effective});
}

Result<long> sys_setregid(gid_t real, gid_t effective) {
  return accept_root({real, effective});
}

Result<long> sys_setresuid(uid_t real, uid_t effective, uid_t saved) {
  return accept_root({real, effective, saved});
}

Result<long> sys_setresgid(gid_t real, gid_t effective, gid_t saved) {
  return accept_root({real, effective, saved});
}

Result<long> sys_setfsuid(uid_t) {
  return 0;
}

Result<long> sys_setfsgid(gid_t) {
  return 0;
}

Result<long> sys_setgroups(std::size_t count, UserPointer<const gid_t>) {
  return count == 0 ? Result<long>(0) : fail(std::errc::operation_not_permitted);
}

Result<long> sys_setpgid(int process, int group) {
  if (group < 0) {
    return fail(std::errc::invalid_argument);
  }
  TRY(sys_getpgid(process));
  // The leader of a session stays in its group (setpgid(2)).
  return fail(std::errc::operation_not_permitted);
}

Result<long> sys_setsid() {
  return fail(std::errc::operation_not_permitted); // it leads its group already
}

Result<long> sys_wait4(int, UserPointer<int>, int options, UserPointer<rusage>) {
  constexpr int known = WNOHANG | WUNTRACED | WCONTINUED;
  constexpr auto linux_only = 0xe0000000U; // __WNOTHREAD, __WALL, __WCLONE
  if ((static_cast<unsigned>(options) & ~(unsigned{known} | linux_only)) != 0) {
    return fail(std::errc::invalid_argument);
  }
  return fail(std::errc::no_child_process);
}

Result<long> sys_waitid(int which, int, std::uint64_t, int options, UserPointer<rusage>) {
  constexpr int events = WEXITED | WSTOPPED | WCONTINUED;
  constexpr unsigned known =
      events | WNOHANG | WNOWAIT | 0xe0000000; // __WALL, __WCLONE, __WNOTHREAD
  constexpr int last_kind = 3;                 // P_PIDFD
  if (which < P_ALL || which > last_kind || (options & events) == 0 ||
      (static_cast<unsigned>(options) & ~known) != 0) {
    return fail(std::errc::invalid_argument);
  }
  return fail(std::errc::no_child_process);
}

Result<long> sys_personality(unsigned long persona) {
  return persona == 0 || persona == ask_persona ? Result<long>(0)
                                                : fail(std::errc::invalid_argument);
}

Result<long> sys_getrlimit(int resource, UserPointer<rlimit> limit) {
  if (limit.is_null()) { // which prlimit(2) takes for "not asked"
    return fail(std::errc::bad_address);
  }
  return sys_prlimit64(0, resource, UserPointer<const rlimit>(0), limit);
}

Result<long> sys_setrlimit(int resource, UserPointer<const rlimit> limit) {
  TRY(limit.read()); // here a null pointer is a bad one
  return sys_prlimit64(0, resource, limit, UserPointer<rlimit>(0));
}

Result<long> sys_time(UserPointer<time_t> result) {
  const time_t now = TRY(hal::wall_clock_nanoseconds()) / 1'000'000'000;
  if (!result.is_null()) {
    TRY(result.write(now));
  }
  return now;
}

Result<long> sys_gettimeofday(UserPointer<timeval> result, UserPointer<struct timezone> zone) {
  const std::int64_t now = TRY(hal::wall_clock_nanoseconds()) / 1000;
  if (!result.is_null()) {
    TRY(result.write({.tv_sec = now / 1'000'000, .tv_usec = now % 1'000'000}));
  }
  if (!zone.is_null()) {
    TRY(zone.write({}));
  }
  return 0;
}

Result<long> sys_settimeofday(UserPointer<const timeval>, UserPointer<const struct timezone>) {
  return fail(std::errc::operation_not_permitted);
}

Result<long> sys_clock_settime(int clock, UserPointer<const timespec> value) {
  const timespec wanted = TRY(value.read());
  if (clock != CLOCK_REALTIME || wanted.tv_nsec < 0 || wanted.tv_nsec >= 1'000'000'000) {
    return fail(std::errc::invalid_argument);
  }
  return fail(std::errc::operation_not_permitted);
}

Result<long> sys_reboot(std::uint32_t first_magic, std::uint32_t second_magic,
                        std::uint32_t command, std::uint64_t) {
  if (first_magic != reboot_magic || !is_second_magic(second_magic)) {
    return fail(std::errc::invalid_argument);
  }
  switch (command) {
  case command_restart:
    trace_last_call({SYS_reboot, {first_magic, second_magic, command}});
    kernel::run_last_act();
    kernel::restart("reboot()");
  case command_halt:
  case command_power_off:
    trace_last_call({SYS_reboot, {first_magic, second_magic, command}});
    end_process(0, "reboot()");
  case command_keys_on:
  case command_keys_off:
    return fail(std::errc::operation_not_permitted); // there is no Ctrl-Alt-Delete to catch
  default:
    return fail(std::errc::invalid_argument);
  }
}

} // namespace skerry::posix
