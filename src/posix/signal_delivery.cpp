// SPDX-License-Identifier: Apache-2.0
// Delivery at the door: handlers are entered, calls restarted, the run ended.
#include "src/posix/process.hpp"
#include "src/posix/signal_names.hpp"
#include "src/posix/signal_state.hpp"
#include "src/posix/signals.hpp"
#include "src/posix/task.hpp"

#include <core/format.hpp>
#include <hal/signal_frame.hpp>
#include <kernel/exit.hpp>
#include <kernel/panic_hook.hpp>
#include <kernel/trap.hpp>
#include <mm/address_space.hpp>

#include <array>

extern "C" void __skerry_sigreturn();

namespace skerry::posix {
namespace {

/// musl's SIGCANCEL. A call that it interrupts must end with EINTR although its handler asks for
/// restarts: that is how our C library learns that the thread is to be cancelled.
constexpr int cancellation_signal = 33;

/// SA_RESTORER of Linux: the C library says where its handlers return to.
constexpr std::uint64_t restorer_flag = 0x04000000;

[[noreturn]] void end_by_signal(int signal) {
  std::array<char, 64> text{};
  end_process(static_cast<std::uint8_t>(128 + signal), format_to(text, "{}", signal_name(signal)));
}

/// Signals whose default is a core dump (signal(7)): something went wrong, and where matters.
bool deserves_report(int signal) {
  switch (signal) {
  case SIGQUIT:
  case SIGILL:
  case SIGTRAP:
  case SIGABRT:
  case SIGBUS:
  case SIGFPE:
  case SIGSEGV:
  case SIGXCPU:
  case SIGXFSZ:
  case SIGSYS:
    return true;
  default:
    return false;
  }
}

[[noreturn]] void end_by_default(const hal::RegisterFrame& registers, int signal) {
  if (deserves_report(signal)) {
    std::array<char, 96> text{};
    kernel::print_report(format_to(text, "{} in thread \"{}\" (application)", signal_name(signal),
                                   kernel::current_thread_name()));
    kernel::print_backtrace({hal::instruction_pointer(registers), hal::frame_pointer(registers)});
    kernel::run_panic_hook();
  }
  end_by_signal(signal);
}

/// Top of the stack that the handler is to use; 0 for the interrupted one.
std::uint64_t handler_stack(const Task& task, const SignalAction& action, std::uint64_t current) {
  const stack_t& stack = task.alternate_stack;
  const auto base = reinterpret_cast<std::uintptr_t>(stack.ss_sp);
  const bool inside = current >= base && current - base < stack.ss_size;
  const bool wanted = (action.flags & SA_ONSTACK) != 0 && stack.ss_size != 0;
  return wanted && !inside ? base + stack.ss_size : 0;
}

/// The handler's view of the alternate stack.
stack_t describe_stack(const Task& task, std::uint64_t current) {
  stack_t stack = task.alternate_stack;
  const auto base = reinterpret_cast<std::uintptr_t>(stack.ss_sp);
  const bool inside = current >= base && current - base < stack.ss_size;
  stack.ss_flags = stack.ss_size == 0 ? SS_DISABLE : (inside ? SS_ONSTACK : 0);
  return stack;
}

SignalSet mask_during(const SignalAction& action, int signal, SignalSet blocked) {
  SignalSet mask = blocked | SignalSet(action.mask);
  if ((action.flags & SA_NODEFER) == 0) {
    mask.add(signal);
  }
  return mask;
}

/// Leads `registers` to the handler. Ends the run when the stack cannot be written.
void enter_handler(hal::RegisterFrame& registers, const SignalAction& action, const siginfo_t& info,
                   SignalSet restored_mask, std::uint64_t address) {
  Task& task = current_task();
  const std::uint64_t stack_pointer = hal::stack_pointer(registers);
  const stack_t stack = describe_stack(task, stack_pointer);
  const auto own_return = reinterpret_cast<std::uintptr_t>(&__skerry_sigreturn);
  const hal::SignalFrame frame{.signal = info.si_signo,
                               .handler = action.handler,
                               .restorer = (action.flags & restorer_flag) != 0 ? action.restorer
                                                                               : own_return,
                               .stack_top = handler_stack(task, action, stack_pointer),
                               .mask = restored_mask.bits(),
                               .info = std::as_bytes(std::span(&info, 1)),
                               .alternate_stack = std::as_bytes(std::span(&stack, 1)),
                               .fault_address = address};
  if (!hal::push_signal_frame(registers, frame)) {
    kernel::print_report("the stack is too small or gone: a signal handler cannot be entered");
    end_by_signal(SIGSEGV);
  }
  if ((action.flags & SA_RESETHAND) != 0) {
    const SignalAction reset{};
    (void)exchange_action(info.si_signo, &reset);
  }
  set_blocked(mask_during(action, info.si_signo, task.blocked));
}

/// A call that was interrupted is issued again, unless the handler wants it to fail.
void settle_interrupted_call(hal::RegisterFrame& registers, bool restart) {
  Task& task = current_task();
  if (!task.call_was_interrupted) {
    return;
  }
  task.call_was_interrupted = false;
  if (restart) {
    hal::restart_call(registers, task.interrupted_call);
  }
}

void deliver(hal::RegisterFrame& registers, const siginfo_t& info) {
  const int signal = info.si_signo;
  const SignalAction action = exchange_action(signal, nullptr);
  if (action.handler == ignore_handler) {
    return;
  }
  if (action.handler == default_handler) {
    if (!is_ignored_by_default(signal)) {
      end_by_default(registers, signal);
    }
    return;
  }
  Task& task = current_task();
  settle_interrupted_call(registers,
                          (action.flags & SA_RESTART) != 0 && signal != cancellation_signal);
  // sigsuspend() put another mask in place for the time of the wait.
  const SignalSet restored = task.has_saved_mask ? task.saved_mask : task.blocked;
  task.has_saved_mask = false;
  enter_handler(registers, action, info, restored, 0);
}

} // namespace

void end_by_broken_frame() {
  kernel::print_report("a signal handler returned to a frame that cannot be read");
  end_by_signal(SIGSEGV);
}

void deliver_signals(hal::RegisterFrame& registers) {
  Task* task = static_cast<Task*>(kernel::current_thread().task);
  kernel::clear_interrupt_request();
  if (task == nullptr) {
    return;
  }
  siginfo_t info{};
  while (take_signal(~task->blocked, info)) {
    deliver(registers, info);
  }
  if (task->has_saved_mask) {
    task->has_saved_mask = false;
    set_blocked(task->saved_mask);
  }
  // Nobody's handler ran: the call goes on as if nothing had been.
  settle_interrupted_call(registers, true);
}

namespace {

/// The processor knows that there is no page; why that is so is known here.
hal::FaultSignal as_seen_by_areas(hal::FaultSignal fault, std::uint64_t address) {
  if (fault.signal != SIGSEGV || fault.code != SEGV_MAPERR) {
    return fault;
  }
  const auto space = mm::application_space().lock();
  const mm::Area* area = space->find(mm::VirtualAddress(address));
  if (area == nullptr || !area->contains(mm::VirtualAddress(address))) {
    return fault;
  }
  const hal::Access access = area->traits.access;
  const bool is_allowed =
      access == hal::Access::read_write || (!fault.is_write && access != hal::Access::none);
  if (!is_allowed) {
    return {SIGSEGV, SEGV_ACCERR};
  }
  return area->object ? hal::FaultSignal{SIGBUS, BUS_ADRERR} : fault; // the file is shorter
}

} // namespace

bool deliver_fault(hal::RegisterFrame& registers, unsigned vector, std::uint64_t address) {
  Task* task = static_cast<Task*>(kernel::current_thread().task);
  if (task == nullptr) {
    return false;
  }
  const hal::FaultSignal fault = as_seen_by_areas(hal::signal_of_fault(registers, vector), address);
  const SignalAction action = exchange_action(fault.signal, nullptr);
  const bool has_handler = action.handler != default_handler && action.handler != ignore_handler;
  if (!has_handler || task->blocked.has(fault.signal)) {
    return false;
  }
  siginfo_t info = make_info(fault.signal, fault.code);
  const bool is_access = fault.signal == SIGSEGV || fault.signal == SIGBUS;
  info.si_addr = reinterpret_cast<void*>(is_access ? address : hal::instruction_pointer(registers));
  enter_handler(registers, action, info, task->blocked, address);
  return true;
}

} // namespace skerry::posix
