// SPDX-License-Identifier: Apache-2.0
// System calls about signals.
#include "src/posix/calls.hpp"
#include "src/posix/signal_state.hpp"
#include "src/posix/signals.hpp"
#include "src/posix/task.hpp"
#include "src/posix/time.hpp"

#include <hal/clock.hpp>
#include <kernel/wait_queue.hpp>
#include <mm/layout.hpp>

namespace skerry::posix {
namespace {

/// Size of the kernel's signal set: 64 bits.
constexpr std::size_t set_size = 8;

/// MINSIGSTKSZ of Linux.
constexpr std::size_t least_stack = 2048;

/// What kill(2) takes for the one process.
bool names_this_process(int process) {
  const long own = *sys_getpid();
  return process == 0 || process == -1 || process == own || process == -own;
}

siginfo_t info_from_kill(int signal, int code) {
  siginfo_t info = make_info(signal, code);
  info.si_pid = static_cast<pid_t>(*sys_getpid());
  return info;
}

/// SIGSTOP would stop for good: there is no other process that could send SIGCONT.
Result<> check_can_be_sent(int signal) {
  return signal == SIGSTOP ? fail(std::errc::operation_not_permitted) : Result<>();
}

Result<long> send_to_thread(int number, const siginfo_t& info, int signal) {
  Task* task = find_task(number);
  if (task == nullptr) {
    return fail(std::errc::no_such_process);
  }
  if (signal != 0) {
    TRY(check_can_be_sent(signal));
    TRY(send_to_task(*task, info));
  }
  return 0;
}

Result<> check_signal(int signal) {
  if (signal != 0 && !is_signal(signal)) {
    return fail(std::errc::invalid_argument);
  }
  return {};
}

/// The caller runs on its alternate stack.
bool is_on_alternate_stack(const stack_t& stack) {
  const auto base = reinterpret_cast<std::uintptr_t>(stack.ss_sp);
  const std::uint64_t current = hal::caller_stack_pointer();
  return current >= base && current - base < stack.ss_size;
}

/// Waits until a signal that is not blocked by `mask` has been delivered.
Result<long> suspend_with(SignalSet mask) {
  Task& task = current_task();
  task.saved_mask = task.blocked;
  task.has_saved_mask = true;
  set_blocked(mask);
  kernel::WaitQueue nobody_wakes_it;
  (void)nobody_wakes_it.wait_until([] { return false; });
  return fail(std::errc::interrupted);
}

} // namespace

Result<long> sys_rt_sigaction(int signal, UserPointer<const SignalAction> action,
                              UserPointer<SignalAction> old, std::size_t size) {
  if (!is_signal(signal) || size != set_size) {
    return fail(std::errc::invalid_argument);
  }
  if (!action.is_null() && (signal == SIGKILL || signal == SIGSTOP)) {
    return fail(std::errc::invalid_argument);
  }
  SignalAction before;
  if (action.is_null()) {
    before = exchange_action(signal, nullptr);
  } else {
    const SignalAction change = TRY(action.read());
    before = exchange_action(signal, &change);
  }
  if (!old.is_null()) {
    TRY(old.write(before));
  }
  return 0;
}

Result<long> sys_rt_sigprocmask(int how, UserPointer<const std::uint64_t> set,
                                UserPointer<std::uint64_t> old, std::size_t size) {
  if (size != set_size) {
    return fail(std::errc::invalid_argument);
  }
  const SignalSet before = current_task().blocked;
  if (!set.is_null()) {
    const SignalSet change(TRY(set.read()));
    switch (how) {
    case SIG_BLOCK:
      set_blocked(before | change);
      break;
    case SIG_UNBLOCK:
      set_blocked(before & ~change);
      break;
    case SIG_SETMASK:
      set_blocked(change);
      break;
    default:
      return fail(std::errc::invalid_argument);
    }
  }
  if (!old.is_null()) {
    TRY(old.write(before.bits()));
  }
  return 0;
}

Result<long> sys_rt_sigpending(UserPointer<std::uint64_t> set, std::size_t size) {
  if (size > set_size) {
    return fail(std::errc::invalid_argument);
  }
  TRY(set.write((pending_signals() & current_task().blocked).bits()));
  return 0;
}

Result<long> sys_rt_sigsuspend(UserPointer<const std::uint64_t> mask, std::size_t size) {
  if (size != set_size) {
    return fail(std::errc::invalid_argument);
  }
  return suspend_with(SignalSet(TRY(mask.read())));
}

Result<long> sys_pause() {
  return suspend_with(current_task().blocked);
}

Result<long> sys_rt_sigtimedwait(UserPointer<const std::uint64_t> set,
                                 UserPointer<siginfo_t> result, UserPointer<const timespec> timeout,
                                 std::size_t size) {
  if (size != set_size) {
    return fail(std::errc::invalid_argument);
  }
  SignalSet wanted(TRY(set.read()));
  wanted.remove(SIGKILL);
  wanted.remove(SIGSTOP);
  Instant deadline = Instant::never();
  if (!timeout.is_null()) {
    deadline = hal::monotonic_now() + TRY(to_duration(TRY(timeout.read())));
  }
  Task& task = current_task();
  task.awaited = wanted;
  siginfo_t info{};
  kernel::WaitQueue nobody_wakes_it;
  const auto outcome =
      nobody_wakes_it.wait_until([&] { return take_signal(wanted, info); }, deadline);
  task.awaited = {};
  // A signal may have come between the look and the end of the wait.
  if (outcome != kernel::WaitResult::ready && !take_signal(wanted, info)) {
    return fail(outcome == kernel::WaitResult::timeout ? std::errc::resource_unavailable_try_again
                                                       : std::errc::interrupted);
  }
  if (!result.is_null()) {
    TRY(result.write(info));
  }
  return info.si_signo;
}

Result<long> sys_kill(int process, int signal) {
  TRY(check_signal(signal));
  if (!names_this_process(process)) {
    return fail(std::errc::no_such_process);
  }
  if (signal != 0) {
    TRY(check_can_be_sent(signal));
    TRY(send_to_process(info_from_kill(signal, SI_USER)));
  }
  return 0;
}

Result<long> sys_tkill(int thread, int signal) {
  TRY(check_signal(signal));
  return send_to_thread(thread, info_from_kill(signal, SI_TKILL), signal);
}

Result<long> sys_tgkill(int process, int thread, int signal) {
  if (process <= 0 || thread <= 0) {
    return fail(std::errc::invalid_argument);
  }
  if (process != sys_getpid()) {
    return fail(std::errc::no_such_process);
  }
  return sys_tkill(thread, signal);
}

Result<long> sys_rt_sigqueueinfo(int process, int signal, UserPointer<const siginfo_t> details) {
  TRY(check_signal(signal));
  if (!names_this_process(process)) {
    return fail(std::errc::no_such_process);
  }
  siginfo_t info = TRY(details.read());
  info.si_signo = signal;
  if (signal != 0) {
    TRY(check_can_be_sent(signal));
    TRY(send_to_process(info));
  }
  return 0;
}

Result<long> sys_rt_tgsigqueueinfo(int process, int thread, int signal,
                                   UserPointer<const siginfo_t> details) {
  TRY(check_signal(signal));
  if (process != sys_getpid()) {
    return fail(std::errc::no_such_process);
  }
  siginfo_t info = TRY(details.read());
  info.si_signo = signal;
  return send_to_thread(thread, info, signal);
}

Result<long> sys_sigaltstack(UserPointer<const stack_t> stack, UserPointer<stack_t> old) {
  Task& task = current_task();
  stack_t before = task.alternate_stack;
  const bool in_use = is_on_alternate_stack(before);
  before.ss_flags = before.ss_size == 0 ? SS_DISABLE : (in_use ? SS_ONSTACK : 0);
  if (!stack.is_null()) {
    stack_t change = TRY(stack.read());
    if (in_use) {
      return fail(std::errc::operation_not_permitted);
    }
    if ((change.ss_flags & ~SS_DISABLE) != 0) {
      return fail(std::errc::invalid_argument);
    }
    if ((change.ss_flags & SS_DISABLE) != 0) {
      change.ss_sp = nullptr;
      change.ss_size = 0;
    } else if (change.ss_size < least_stack) {
      return fail(std::errc::not_enough_memory);
    }
    task.alternate_stack = change;
  }
  if (!old.is_null()) {
    TRY(old.write(before));
  }
  return 0;
}

} // namespace skerry::posix

/// The way back from a handler; `context` is the ucontext of its frame.
extern "C" void skerry_sigreturn_call(std::uint64_t context,
                                      skerry::hal::RegisterFrame& registers) {
  using namespace skerry;
  const auto mask = hal::pop_signal_frame(registers, mm::VirtualAddress(context));
  if (!mask) {
    posix::end_by_broken_frame();
  }
  posix::set_blocked(posix::SignalSet(*mask));
}
