// SPDX-License-Identifier: Apache-2.0
// Calls about the one process and its threads.
#include "src/posix/call_trace.hpp"
#include "src/posix/calls.hpp"
#include "src/posix/process.hpp"

#include <hal/context.hpp>
#include <kernel/thread.hpp>
#include <mm/layout.hpp>

#include <sys/syscall.h>

namespace skerry::posix {
namespace {

// arch_prctl(2): asm/prctl.h.
constexpr int arch_set_gs = 0x1001;
constexpr int arch_set_fs = 0x1002;
constexpr int arch_get_fs = 0x1003;
constexpr int arch_get_gs = 0x1004;

} // namespace

Result<long> sys_exit_group(int status) {
  trace_last_call({SYS_exit_group, {static_cast<std::uint32_t>(status)}});
  end_process(static_cast<std::uint8_t>(status));
}

Result<long> sys_arch_prctl(int operation, std::uint64_t address) {
  switch (operation) {
  case arch_set_fs:
    // The C library's first TLS block is part of the image, which lies in the upper half.
    if (!mm::layout::is_canonical(address)) {
      return fail(std::errc::operation_not_permitted);
    }
    hal::set_thread_pointer(address);
    return 0;
  case arch_get_fs:
    TRY(UserPointer<std::uint64_t>(address).write(hal::thread_pointer()));
    return 0;
  case arch_set_gs:
  case arch_get_gs:
    // GS is the kernel's (DESIGN, decision 9).
    return fail(std::errc::operation_not_permitted);
  default:
    return fail(std::errc::invalid_argument);
  }
}

Result<long> sys_gettid() {
  return kernel::current_thread().id;
}

Result<long> sys_getpid() {
  return process_id;
}

Result<long> sys_sched_yield() {
  kernel::yield();
  return 0;
}

} // namespace skerry::posix
