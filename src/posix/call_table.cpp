// SPDX-License-Identifier: Apache-2.0
// Takes callers through the table of calls.
#include "src/posix/call_table.hpp"

#include "src/posix/call_slots.hpp"
#include "src/posix/call_trace.hpp"
#include "src/posix/own_calls.hpp"
#include "src/posix/task.hpp"

#include <core/log.hpp>
#include <kernel/command_line.hpp>
#include <kernel/panic_hook.hpp>

#include <array>
#include <atomic>
#include <cerrno>
#include <sys/syscall.h>

namespace skerry::posix {
namespace {

// Numbers, and in the same order name and refusal, each with a zero behind: a table of pointers
// would be four times as large, and relocated on every boot.
#define CALL_NUMBERED(name, number) number,
#define CALL(name) SYS_##name,
#define PARTLY(name, missing) SYS_##name,
#define REFUSED(name, reason) SYS_##name,
constexpr std::uint16_t known_numbers[] = {
#include "src/posix/syscalls.def"
};
#undef CALL
#undef PARTLY
#undef CALL_NUMBERED
#undef REFUSED

#define CALL_NUMBERED(name, number) #name "\0\0"
#define CALL(name) #name "\0\0"
#define PARTLY(name, missing) #name "\0\0"
#define REFUSED(name, reason) #name "\0" reason "\0"
constexpr char known_names[] =
#include "src/posix/syscalls.def"
    ;
#undef CALL
#undef PARTLY
#undef CALL_NUMBERED
#undef REFUSED

/// A call that is not there is reported once.
constinit std::array<std::atomic<bool>, call_slots> reported{};

long refuse(std::uint64_t number) {
  const std::size_t slot = slot_of(number);
  if (slot == call_slots) {
    log::warning("posix", "system call {} does not exist: ENOSYS", number);
    return -ENOSYS;
  }
  if (!reported[slot].exchange(true, std::memory_order_relaxed)) {
    const CallName known = name_of_call(number);
    if (known.name.empty()) {
      log::warning("posix", "system call {} is not implemented: ENOSYS", number);
    } else if (known.refusal.empty()) {
      log::warning("posix",
                   "{}() is not part of this image, since nothing that was linked calls it by "
                   "name: ENOSYS (skerry_image: CALLS all)",
                   known.name);
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

} // namespace

CallName name_of_call(std::uint64_t number) {
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
  const std::size_t slot = posix::slot_of(number);
  const posix::CallHandler handler = slot < posix::call_slots ? __skerry_calls[slot] : nullptr;
  if (handler == nullptr) [[unlikely]] {
    const long refused = posix::refuse(number);
    posix::trace_call({number, {a, b, c, d, e, f}}, refused);
    return refused;
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
    posix::trace_call({number, {a, b, c, d, e, f}}, result);
  }
  return result;
}
