// SPDX-License-Identifier: Apache-2.0
// The system calls, as typed functions: one implementation of each, whichever door it came through.
// What each does, and its errors, is what POSIX and the Linux manual (section 2) say of its name.
// Context: thread, on the kernel stack of the caller.
#pragma once

#include "src/posix/user_pointer.hpp"

#include <core/result.hpp>

#include <cstddef>
#include <cstdint>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>

namespace skerry::posix {

// Files
Result<long> sys_write(int descriptor, std::uint64_t buffer, std::size_t size);
Result<long> sys_writev(int descriptor, UserPointer<const iovec> vectors, int count);
Result<long> sys_ioctl(int descriptor, unsigned long request, std::uint64_t argument);

// Memory
Result<long> sys_mmap(std::uint64_t hint, std::size_t size, int protection, int flags,
                      int descriptor, off_t offset);
Result<long> sys_munmap(std::uint64_t address, std::size_t size);
Result<long> sys_mprotect(std::uint64_t address, std::size_t size, int protection);
Result<long> sys_madvise(std::uint64_t address, std::size_t size, int advice);
Result<long> sys_mremap(std::uint64_t address, std::size_t old_size, std::size_t new_size,
                        int flags, std::uint64_t new_address);
Result<long> sys_brk(std::uint64_t address);

// Process and threads
Result<long> sys_exit(int status);
Result<long> sys_exit_group(int status);
Result<long> sys_arch_prctl(int operation, std::uint64_t address);
Result<long> sys_set_tid_address(UserPointer<int> address);
Result<long> sys_gettid();
Result<long> sys_getpid();
Result<long> sys_sched_yield();

// Time
Result<long> sys_clock_gettime(int clock, UserPointer<timespec> result);
Result<long> sys_clock_getres(int clock, UserPointer<timespec> result);
Result<long> sys_clock_nanosleep(int clock, int flags, UserPointer<const timespec> request,
                                 UserPointer<timespec> remaining);
Result<long> sys_nanosleep(UserPointer<const timespec> request, UserPointer<timespec> remaining);

} // namespace skerry::posix
