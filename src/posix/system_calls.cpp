// SPDX-License-Identifier: Apache-2.0
// Calls that tell what the machine and the process are.
#include "src/posix/calls.hpp"
#include "src/posix/descriptors.hpp"
#include "src/posix/limits.hpp"
#include "src/posix/system_name.hpp"
#include "src/posix/task.hpp"

#include <hal/clock.hpp>
#include <kernel/random.hpp>
#include <mm/address_space.hpp>
#include <mm/frames.hpp>
#include <mm/memory.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/random.h>

namespace skerry::posix {
namespace {

void set_field(char (&field)[65], std::string_view text) {
  std::copy_n(text.begin(), std::min(text.size(), sizeof field - 1), field);
}

rlimit limit_of_descriptors() {
  const DescriptorLimits limits = descriptor_limits();
  return {static_cast<rlim_t>(limits.soft), static_cast<rlim_t>(limits.hard)};
}

/// Only the number of descriptors can be limited; elsewhere what already holds may be set. The one
/// user may raise what was lowered before.
Result<> set_limit(int resource, const rlimit& wanted, const rlimit& current) {
  if (resource == RLIMIT_NOFILE && wanted.rlim_max <= max_descriptors) {
    set_descriptor_limits({static_cast<int>(wanted.rlim_cur), static_cast<int>(wanted.rlim_max)});
    return {};
  }
  return wanted.rlim_cur == current.rlim_cur && wanted.rlim_max == current.rlim_max
             ? Result<>()
             : fail(std::errc::operation_not_permitted);
}

/// Errors: no_such_process  no thread of the application has that number, and it is not 0
Result<> check_thread(int number) {
  return number == 0 || find_task(number) != nullptr ? Result<>()
                                                     : fail(std::errc::no_such_process);
}

/// The same where negative numbers are no numbers of threads at all.
Result<> check_scheduled_thread(int number) {
  return number < 0 ? fail(std::errc::invalid_argument) : check_thread(number);
}

} // namespace

Result<rlimit> limit_of(int resource) {
  switch (resource) {
  case RLIMIT_NOFILE:
    return limit_of_descriptors();
  case RLIMIT_STACK:
    return rlimit{8_MiB, RLIM_INFINITY};
  case RLIMIT_CORE:
    return rlimit{0, 0};
  case RLIMIT_CPU:
  case RLIMIT_FSIZE:
  case RLIMIT_DATA:
  case RLIMIT_RSS:
  case RLIMIT_NPROC:
  case RLIMIT_MEMLOCK:
  case RLIMIT_AS:
  case RLIMIT_LOCKS:
  case RLIMIT_SIGPENDING:
  case RLIMIT_MSGQUEUE:
  case RLIMIT_RTTIME:
    return rlimit{RLIM_INFINITY, RLIM_INFINITY};
  case RLIMIT_NICE:
  case RLIMIT_RTPRIO:
    return rlimit{0, 0};
  default:
    return fail(std::errc::invalid_argument);
  }
}

constinit const SystemName system_name{.system = "Linux",
                                       .host = "skerry",
                                       .release = "6.1.0-skerry",
                                       .version = "Skerry " SKERRY_VERSION,
                                       .machine = "x86_64"};

Result<long> sys_uname(UserPointer<utsname> result) {
  utsname name{};
  set_field(name.sysname, system_name.system);
  set_field(name.nodename, system_name.host);
  set_field(name.release, system_name.release);
  set_field(name.version, system_name.version);
  set_field(name.machine, system_name.machine);
  TRY(result.write(name));
  return 0;
}

Result<long> sys_sysinfo(UserPointer<struct sysinfo> result) {
  struct sysinfo info{};
  const auto frames = mm::frames().statistics();
  info.uptime = static_cast<long>(hal::monotonic_now().since_boot().in_seconds());
  info.totalram = frames.total * mm::page_size;
  info.freeram = frames.free * mm::page_size;
  info.procs = static_cast<unsigned short>(application_thread_count());
  info.mem_unit = 1;
  TRY(result.write(info));
  return 0;
}

Result<long> sys_getrandom(std::uint64_t buffer, std::size_t size, unsigned flags) {
  if ((flags & ~unsigned{GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE}) != 0) {
    return fail(std::errc::invalid_argument);
  }
  std::array<std::byte, 256> chunk{};
  std::size_t done = 0;
  while (done < size) {
    const auto part = std::span(chunk).first(std::min(chunk.size(), size - done));
    if (!kernel::random_bytes(part)) {
      // Nothing random is invented. start_random() has said in words what is missing.
      return fail((flags & GRND_NONBLOCK) != 0 ? std::errc::resource_unavailable_try_again
                                               : std::errc::io_error);
    }
    TRY(mm::copy_out(mm::VirtualAddress(buffer) + done, part));
    done += part.size();
  }
  return static_cast<long>(done);
}

Result<long> sys_prctl(int operation, std::uint64_t argument, std::uint64_t, std::uint64_t,
                       std::uint64_t) {
  std::array<char, kernel::Thread::max_name + 1> name{};
  switch (operation) {
  case PR_SET_NAME: {
    const auto length = mm::copy_string_in(name, mm::VirtualAddress(argument));
    if (!length && length.error() != std::errc::filename_too_long) {
      return fail(length.error());
    }
    const std::size_t size = length ? *length : kernel::Thread::max_name;
    kernel::current_thread().set_name({name.data(), size});
    return 0;
  }
  case PR_GET_NAME: {
    const std::string_view own = kernel::current_thread().name();
    std::ranges::copy(own, name.begin());
    TRY(mm::copy_out(mm::VirtualAddress(argument), std::as_bytes(std::span(name))));
    return 0;
  }
  default:
    return fail(std::errc::invalid_argument);
  }
}

Result<long> sys_prlimit64(int process, int resource, UserPointer<const rlimit> limit,
                           UserPointer<rlimit> old) {
  if (process != 0 && process != sys_getpid()) {
    return fail(std::errc::no_such_process);
  }
  const rlimit current = TRY(limit_of(resource));
  if (!limit.is_null()) {
    const rlimit wanted = TRY(limit.read());
    if (wanted.rlim_cur > wanted.rlim_max) {
      return fail(std::errc::invalid_argument);
    }
    TRY(set_limit(resource, wanted, current));
  }
  if (!old.is_null()) {
    TRY(old.write(current));
  }
  return 0;
}

Result<long> sys_getppid() {
  return 1;
}
Result<long> sys_getuid() {
  return 0;
}
Result<long> sys_geteuid() {
  return 0;
}
Result<long> sys_getgid() {
  return 0;
}
Result<long> sys_getegid() {
  return 0;
}

Result<long> sys_sched_getaffinity(int thread, std::size_t size, std::uint64_t mask) {
  const std::uint64_t one_cpu = 1;
  constexpr std::size_t most = 1 << 28; // Linux counts the bits in an unsigned
  if (size < sizeof one_cpu || size % sizeof one_cpu != 0 || size > most) {
    return fail(std::errc::invalid_argument);
  }
  TRY(check_thread(thread));
  TRY(UserPointer<std::uint64_t>(mask).write(one_cpu));
  return static_cast<long>(sizeof one_cpu);
}

Result<long> sys_sched_setaffinity(int thread, std::size_t size, std::uint64_t mask) {
  if (size < sizeof(std::uint64_t)) {
    return fail(std::errc::invalid_argument);
  }
  // The one CPU must be in the set.
  const std::uint64_t wanted = TRY(UserPointer<std::uint64_t>(mask).read());
  TRY(check_thread(thread));
  return (wanted & 1) != 0 ? Result<long>(0) : fail(std::errc::invalid_argument);
}

Result<long> sys_sched_getscheduler(int thread) {
  TRY(check_scheduled_thread(thread));
  return SCHED_OTHER;
}

Result<long> sys_sched_getparam(int thread, UserPointer<int> parameter) {
  TRY(check_scheduled_thread(thread));
  if (parameter.is_null()) {
    return fail(std::errc::invalid_argument);
  }
  TRY(parameter.write(0));
  return 0;
}

Result<long> sys_sched_setscheduler(int thread, int policy, UserPointer<const int> parameter) {
  if (policy < 0 || parameter.is_null()) {
    return fail(std::errc::invalid_argument);
  }
  const int priority = TRY(parameter.read());
  TRY(check_scheduled_thread(thread));
  constexpr int last_policy = 6; // SCHED_DEADLINE
  constexpr int reset_on_fork = 0x40000000;
  if ((policy & ~reset_on_fork) > last_policy) {
    return fail(std::errc::invalid_argument);
  }
  if ((policy & ~reset_on_fork) != SCHED_OTHER) {
    return fail(std::errc::operation_not_permitted);
  }
  return priority == 0 ? Result<long>(0) : fail(std::errc::invalid_argument);
}

Result<long> sys_sched_setparam(int thread, UserPointer<const int> parameter) {
  return sys_sched_setscheduler(thread, SCHED_OTHER, parameter);
}

Result<long> sys_sched_get_priority_max(int policy) {
  if (policy == SCHED_FIFO || policy == SCHED_RR) {
    return 99;
  }
  return policy == SCHED_OTHER || policy == SCHED_BATCH || policy == SCHED_IDLE
             ? Result<long>(0)
             : fail(std::errc::invalid_argument);
}

Result<long> sys_sched_get_priority_min(int policy) {
  return TRY(sys_sched_get_priority_max(policy)) == 99 ? 1 : 0;
}

Result<long> sys_getcpu(UserPointer<unsigned> cpu, UserPointer<unsigned> node) {
  if (!cpu.is_null()) {
    TRY(cpu.write(0));
  }
  if (!node.is_null()) {
    TRY(node.write(0));
  }
  return 0;
}

} // namespace skerry::posix
