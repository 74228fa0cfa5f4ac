// SPDX-License-Identifier: Apache-2.0
// What happens on the way from a floor back to the application: a switch of threads, signals.
#include <core/assert.hpp>
#include <hal/cpu.hpp>
#include <hal/per_cpu.hpp>
#include <kernel/thread.hpp>
#include <kernel/trap.hpp>

namespace skerry::kernel {
namespace {

void deliver_nothing(hal::RegisterFrame&) {
  clear_interrupt_request();
}

bool handle_nothing(hal::RegisterFrame&, unsigned, std::uint64_t) {
  return false;
}

/// Immutable after boot.
constinit ExitHook exit_hook = deliver_nothing;
constinit FaultHook fault_hook = handle_nothing;

} // namespace

void set_exit_hook(ExitHook hook) {
  exit_hook = hook;
}

void set_fault_hook(FaultHook hook) {
  fault_hook = hook;
}

bool offer_fault(hal::RegisterFrame& registers, unsigned vector, std::uint64_t address) {
  return fault_hook(registers, vector, address);
}

void leave_floor_work(hal::RegisterFrame& registers, bool may_deliver) {
  {
    const hal::InterruptsOff off;
    if ((hal::this_cpu().pending & hal::pending_reschedule) != 0) {
      reschedule();
    }
  }
  if (may_deliver && (hal::this_cpu().pending & hal::pending_signal) != 0) {
    exit_hook(registers);
  }
}

void request_interrupt(Thread& thread) {
  const hal::InterruptsOff off;
  thread.interrupt_requested = true;
  hal::PerCpu& cpu = hal::this_cpu();
  if (cpu.current == &thread) {
    cpu.pending = cpu.pending | hal::pending_signal;
  } else if (thread.in_interruptible_wait) {
    make_runnable(thread);
  }
}

void clear_interrupt_request() {
  const hal::InterruptsOff off;
  current_thread().interrupt_requested = false;
  hal::PerCpu& cpu = hal::this_cpu();
  cpu.pending = cpu.pending & ~std::uint32_t{hal::pending_signal};
}

} // namespace skerry::kernel
