// SPDX-License-Identifier: Apache-2.0
// The system calls, as typed functions: one implementation of each, whichever door it came through.
// What each does, and its errors, is what POSIX and the Linux manual (section 2) say of its name.
// Context: thread, on the kernel stack of the caller.
#pragma once

#include "src/posix/signals.hpp"
#include "src/posix/user_pointer.hpp"

#include <core/result.hpp>

#include <cstddef>
#include <cstdint>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/times.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <time.h>

namespace skerry::posix {

// Descriptors and transfers
Result<long> sys_read(int descriptor, std::uint64_t buffer, std::size_t size);
Result<long> sys_readv(int descriptor, UserPointer<const iovec> vectors, int count);
Result<long> sys_pread64(int descriptor, std::uint64_t buffer, std::size_t size, off_t offset);
Result<long> sys_preadv(int descriptor, UserPointer<const iovec> vectors, int count, off_t offset);
/// The high half of an offset, which 64-bit machines do not need, comes between offset and flags.
Result<long> sys_preadv2(int descriptor, UserPointer<const iovec> vectors, int count, off_t offset,
                         std::uint64_t unused, int flags);
Result<long> sys_write(int descriptor, std::uint64_t buffer, std::size_t size);
Result<long> sys_writev(int descriptor, UserPointer<const iovec> vectors, int count);
Result<long> sys_pwrite64(int descriptor, std::uint64_t buffer, std::size_t size, off_t offset);
Result<long> sys_pwritev(int descriptor, UserPointer<const iovec> vectors, int count, off_t offset);
Result<long> sys_pwritev2(int descriptor, UserPointer<const iovec> vectors, int count, off_t offset,
                          std::uint64_t unused, int flags);
Result<long> sys_lseek(int descriptor, off_t offset, int whence);
Result<long> sys_ioctl(int descriptor, unsigned long request, std::uint64_t argument);
Result<long> sys_close(int descriptor);
Result<long> sys_close_range(unsigned first, unsigned last, unsigned flags);
Result<long> sys_dup(int descriptor);
Result<long> sys_dup2(int descriptor, int wanted);
Result<long> sys_dup3(int descriptor, int wanted, int flags);
Result<long> sys_fcntl(int descriptor, int command, std::uint64_t argument);

// Memory
Result<long> sys_mmap(std::uint64_t hint, std::size_t size, int protection, int flags,
                      int descriptor, off_t offset);
Result<long> sys_munmap(std::uint64_t address, std::size_t size);
Result<long> sys_mprotect(std::uint64_t address, std::size_t size, int protection);
Result<long> sys_madvise(std::uint64_t address, std::size_t size, int advice);
Result<long> sys_mremap(std::uint64_t address, std::size_t old_size, std::size_t new_size,
                        int flags, std::uint64_t new_address);
Result<long> sys_msync(std::uint64_t address, std::size_t size, int flags);
Result<long> sys_mlock(std::uint64_t address, std::size_t size);
Result<long> sys_mlock2(std::uint64_t address, std::size_t size, int flags);
Result<long> sys_munlock(std::uint64_t address, std::size_t size);
Result<long> sys_brk(std::uint64_t address);

// Process and threads
Result<long> sys_exit(int status);
Result<long> sys_exit_group(int status);
Result<long> sys_arch_prctl(int operation, std::uint64_t address);
Result<long> sys_set_tid_address(UserPointer<int> address);
Result<long> sys_set_robust_list(UserPointer<std::uint64_t> head, std::size_t size);
Result<long> sys_get_robust_list(int thread, UserPointer<std::uint64_t> head,
                                 UserPointer<std::size_t> size);
Result<long> sys_futex(UserPointer<std::uint32_t> word, int operation, std::uint32_t value,
                       std::uint64_t timeout_or_count, UserPointer<std::uint32_t> second_word,
                       std::uint32_t third_value);
Result<long> sys_gettid();
Result<long> sys_getpid();
Result<long> sys_sched_yield();

/// What door one's __skerry_clone() asks for (clone(2)).
struct CloneRequest {
  std::uint64_t function;
  std::uint64_t stack;
  int flags;
  std::uint64_t argument;
  UserPointer<int> parent_number;
  std::uint64_t thread_pointer;
  UserPointer<int> child_number;
};
/// Starts a thread of the application; returns its number.
/// Errors: function_not_supported  what is asked for is a process
Result<long> clone_thread(const CloneRequest& request);

// Signals
Result<long> sys_rt_sigaction(int signal, UserPointer<const SignalAction> action,
                              UserPointer<SignalAction> old, std::size_t size);
Result<long> sys_rt_sigprocmask(int how, UserPointer<const std::uint64_t> set,
                                UserPointer<std::uint64_t> old, std::size_t size);
Result<long> sys_rt_sigpending(UserPointer<std::uint64_t> set, std::size_t size);
Result<long> sys_rt_sigsuspend(UserPointer<const std::uint64_t> mask, std::size_t size);
Result<long> sys_pause();
Result<long> sys_rt_sigtimedwait(UserPointer<const std::uint64_t> set,
                                 UserPointer<siginfo_t> result, UserPointer<const timespec> timeout,
                                 std::size_t size);
Result<long> sys_kill(int process, int signal);
Result<long> sys_tkill(int thread, int signal);
Result<long> sys_tgkill(int process, int thread, int signal);
Result<long> sys_rt_sigqueueinfo(int process, int signal, UserPointer<const siginfo_t> details);
Result<long> sys_rt_tgsigqueueinfo(int process, int thread, int signal,
                                   UserPointer<const siginfo_t> details);
Result<long> sys_sigaltstack(UserPointer<const stack_t> stack, UserPointer<stack_t> old);

// What the machine and the process are
Result<long> sys_uname(UserPointer<utsname> result);
Result<long> sys_sysinfo(UserPointer<struct sysinfo> result);
Result<long> sys_getrandom(std::uint64_t buffer, std::size_t size, unsigned flags);
Result<long> sys_prctl(int operation, std::uint64_t argument, std::uint64_t third,
                       std::uint64_t fourth, std::uint64_t fifth);
Result<long> sys_prlimit64(int process, int resource, UserPointer<const rlimit> limit,
                           UserPointer<rlimit> old);
Result<long> sys_getppid();
Result<long> sys_getuid();
Result<long> sys_geteuid();
Result<long> sys_getgid();
Result<long> sys_getegid();
Result<long> sys_sched_getaffinity(int thread, std::size_t size, std::uint64_t mask);
Result<long> sys_sched_setaffinity(int thread, std::size_t size, std::uint64_t mask);
Result<long> sys_sched_getscheduler(int thread);
Result<long> sys_sched_getparam(int thread, UserPointer<int> parameter);
Result<long> sys_sched_setscheduler(int thread, int policy, UserPointer<const int> parameter);
Result<long> sys_sched_setparam(int thread, UserPointer<const int> parameter);
Result<long> sys_sched_get_priority_max(int policy);
Result<long> sys_sched_get_priority_min(int policy);
Result<long> sys_getcpu(UserPointer<unsigned> cpu, UserPointer<unsigned> node);

Result<long> sys_getrusage(int who, UserPointer<rusage> result);
Result<long> sys_times(UserPointer<tms> result);
Result<long> sys_membarrier(int command, unsigned flags, int cpu);
Result<long> sys_sched_rr_get_interval(int thread, UserPointer<timespec> result);
Result<long> sys_getpriority(int which, int who);
Result<long> sys_setpriority(int which, int who, int priority);
Result<long> sys_getpgrp();
Result<long> sys_getpgid(int process);
Result<long> sys_getsid(int process);
Result<long> sys_getgroups(int count, std::uint64_t groups);

// Time
Result<long> sys_clock_gettime(int clock, UserPointer<timespec> result);
Result<long> sys_clock_getres(int clock, UserPointer<timespec> result);
Result<long> sys_clock_nanosleep(int clock, int flags, UserPointer<const timespec> request,
                                 UserPointer<timespec> remaining);
Result<long> sys_nanosleep(UserPointer<const timespec> request, UserPointer<timespec> remaining);

} // namespace skerry::posix
