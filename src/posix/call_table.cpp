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

constexpr std::array<CallHandler, call_limit> make_handlers() {
  std::array<CallHandler, call_limit> handlers{};
#define CALL_NUMBERED(name, number) handlers[number] = Adapter<sys_##name>::call;
#define CALL(name) handlers[SYS_##name] = Adapter<sys_##name>::call;
#define REFUSED(name, reason)
#include "src/posix/syscalls.def"
#undef CALL
#undef CALL_NUMBERED
#undef REFUSED
  return handlers;
}

constexpr auto handlers = make_handlers();

// Numbers, and in the same order name and refusal, each with a zero behind: a table of pointers
// would be four times as large, and relocated on every boot.
#define CALL_NUMBERED(name, number) number,
#define CALL(name) SYS_##name,
#define REFUSED(name, reason) SYS_##name,
constexpr std::uint16_t known_numbers[] = {
#include "src/posix/syscalls.def"
};
#undef CALL
#undef CALL_NUMBERED
#undef REFUSED

#define CALL_NUMBERED(name, number) #name "\0\0"
#define CALL(name) #name "\0\0"
#define REFUSED(name, reason) #name "\0" reason "\0"
constexpr char known_names[] =
#include "src/posix/syscalls.def"
    ;
#undef CALL
#undef CALL_NUMBERED
#undef REFUSED

/// A call that is not there is reported once.
constinit std::array<std::atomic<bool>, call_limit> reported{};

long refuse(std::uint64_t number) {
  if (number >= call_limit) {
    log::warning("posix", "system call {} does not exist: ENOSYS", number);
    return -ENOSYS;
  }
  if (!reported[number].exchange(true, std::memory_order_relaxed)) {
    const CallName known = name_of_call(number);
    if (known.refusal.empty()) {
      log::warning("posix", "system call {} is not implemented: ENOSYS", number);
    } else {
      log::warning("posix", "{}() is refused: {}", known.name, known.refusal);
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

void trace(std::uint64_t number, long result, std::uint64_t a, std::uint64_t b, std::uint64_t c) {
  log::info("trace", "{}({:#x}, {:#x}, {:#x}) = {}", name_of_call(number).name, a, b, c, result);
}

} // namespace

CallName name_of_call(std::uint64_t number) {
  if (number >= call_limit) {
    return {name_of_own_call(number), {}};
  }
  const char* text = known_names;
  for (const std::uint16_t known : known_numbers) {
    const std::string_view name(text);
    const std::string_view refusal(text + name.size() + 1);
    if (known == number) {
      return {name, refusal};
    }
    text = refusal.data() + refusal.size() + 1;
  }
  return {};
}

} // namespace skerry::posix

/// Called by both doors on the caller's kernel stack.
extern "C" long skerry_system_call(std::uint64_t a, std::uint64_t b, std::uint64_t c,
                                   std::uint64_t d, std::uint64_t e, std::uint64_t f,
                                   std::uint64_t number) {
  using namespace skerry;
  const posix::CallHandler handler =
      number < posix::call_limit ? posix::handlers[number] : posix::find_own_call(number);
  if (handler == nullptr) [[unlikely]] {
    return posix::refuse(number);
  }
  if (kernel::panic_hook_runs && !posix::works_in_panic_hooks(number)) [[unlikely]] {
    return -EIO;
  }
  const long result = handler(a, b, c, d, e, f);
  if (result == -EINTR && posix::may_be_issued_again(number, d)) [[unlikely]] {
    posix::Task& task = posix::current_task();
    task.call_was_interrupted = true;
    task.interrupted_call = {{a, b, c, d, e, f}, number};
  }
  if (kernel::command_line().trace_calls) [[unlikely]] {
    posix::trace(number, result, a, b, c);
  }
  return result;
}
