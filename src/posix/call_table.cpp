// SPDX-License-Identifier: Apache-2.0
// Makes the table of calls and takes callers through it.
#include "src/posix/call_table.hpp"

#include "src/posix/call_adapter.hpp"
#include "src/posix/calls.hpp"
#include "src/posix/file_tree_calls.hpp"
#include "src/posix/identity_calls.hpp"
#include "src/posix/own_calls.hpp"
#include "src/posix/readiness_calls.hpp"
#include "src/posix/socket_calls.hpp"
#include "src/posix/task.hpp"
#include "src/posix/timer_calls.hpp"

#include <core/log.hpp>
#include <kernel/command_line.hpp>
#include <kernel/panic_hook.hpp>

#include <array>
#include <atomic>
#include <cerrno>
#include <sys/syscall.h>

namespace skerry::posix {
namespace {

constexpr std::array<CallRow, call_limit> make_table() {
  std::array<CallRow, call_limit> table{};
#define CALL_NUMBERED(name, number) table[number] = {Adapter<sys_##name>::call, #name, {}};
#define CALL(name) table[SYS_##name] = {Adapter<sys_##name>::call, #name, {}};
#define REFUSED(name, reason) table[SYS_##name] = {nullptr, #name, reason};
#include "src/posix/syscalls.def"
#undef CALL
#undef CALL_NUMBERED
#undef REFUSED
  return table;
}

constexpr auto table = make_table();

/// A call that is not there is reported once.
constinit std::array<std::atomic<bool>, call_limit> reported{};

long refuse(std::uint64_t number) {
  if (number >= call_limit) {
    log::warning("posix", "system call {} does not exist: ENOSYS", number);
    return -ENOSYS;
  }
  if (!reported[number].exchange(true, std::memory_order_relaxed)) {
    const CallRow& row = table[number];
    if (row.refusal.empty()) {
      log::warning("posix", "system call {} is not implemented: ENOSYS", number);
    } else {
      log::warning("posix", "{}() is refused: {}", row.name, row.refusal);
    }
  }
  return -ENOSYS;
}

/// Calls that end with EINTR whatever the handler's SA_RESTART says (signal(7)): those that wait
/// for a span of time, which has partly passed, and those that wait for signals.
bool may_be_issued_again(std::uint64_t number, std::uint64_t fourth_argument) {
  switch (number) {
  case SYS_futex:
    return fourth_argument == 0; // no timeout
  case SYS_nanosleep:
  case SYS_clock_nanosleep:
  case SYS_pause:
  case SYS_rt_sigsuspend:
  case SYS_rt_sigtimedwait:
  case SYS_poll:
  case SYS_ppoll:
  case SYS_select:
  case SYS_pselect6:
  case SYS_epoll_wait:
  case SYS_epoll_pwait:
  case SYS_epoll_pwait2:
    return false;
  default:
    return true;
  }
}

void trace(const CallRow& row, long result, std::uint64_t a, std::uint64_t b, std::uint64_t c) {
  log::info("trace", "{}({:#x}, {:#x}, {:#x}) = {}", row.name, a, b, c, result);
}

} // namespace

const CallRow* find_call(std::uint64_t number) {
  if (number >= call_limit) {
    return find_own_call(number);
  }
  return table[number].name.empty() ? nullptr : &table[number];
}

} // namespace skerry::posix

/// Called by both doors on the caller's kernel stack.
extern "C" long skerry_system_call(std::uint64_t a, std::uint64_t b, std::uint64_t c,
                                   std::uint64_t d, std::uint64_t e, std::uint64_t f,
                                   std::uint64_t number) {
  using namespace skerry;
  const posix::CallRow* row =
      number < posix::call_limit ? &posix::table[number] : posix::find_own_call(number);
  if (row == nullptr || row->handler == nullptr) [[unlikely]] {
    return posix::refuse(number);
  }
  if (kernel::panic_hook_runs && row != posix::call_of_panic_hooks()) [[unlikely]] {
    return -EIO;
  }
  const long result = row->handler(a, b, c, d, e, f);
  if (result == -EINTR && posix::may_be_issued_again(number, d)) [[unlikely]] {
    posix::Task& task = posix::current_task();
    task.call_was_interrupted = true;
    task.interrupted_call = {{a, b, c, d, e, f}, number};
  }
  if (kernel::command_line().trace_calls) [[unlikely]] {
    posix::trace(*row, result, a, b, c);
  }
  return result;
}
