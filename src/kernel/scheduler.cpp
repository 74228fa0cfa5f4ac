// SPDX-License-Identifier: Apache-2.0
// Run queues and the choice of the next thread. The clock ticks only while two threads compete.
#include "src/kernel/scheduler.hpp"

#include <core/assert.hpp>
#include <hal/clock.hpp>
#include <hal/cpu.hpp>
#include <hal/per_cpu.hpp>
#include <kernel/thread.hpp>
#include <kernel/timer.hpp>

#include <utility>

namespace skerry::kernel {
namespace {

using RunQueue = IntrusiveList<Thread, RunQueueTag>;

/// How long a thread may run while another of its priority waits.
constexpr Duration time_slice = Duration::milliseconds(10);

void end_time_slice(Timer&, void*) {
  hal::this_cpu().pending = hal::this_cpu().pending | hal::pending_reschedule;
}

/// Belongs to the one CPU; touched with interrupts off only.
struct Scheduler {
  RunQueue queues[priority_count];
  Thread* idle = nullptr;
  /// A thread that has ended and whose stack was in use until the switch.
  Thread* ended = nullptr;
  Timer slice{end_time_slice, nullptr};
  /// When the running thread began to run.
  Instant switched_at;
};

[[clang::no_destroy]] constinit Scheduler scheduler;

RunQueue& queue_of(const Thread& thread) {
  return scheduler.queues[static_cast<std::size_t>(thread.priority)];
}

Thread* first_runnable() {
  for (RunQueue& queue : scheduler.queues) {
    if (Thread* thread = queue.front()) {
      return thread;
    }
  }
  return nullptr;
}

void run_idle(void*) {
  for (;;) {
    hal::disable_interrupts();
    if (first_runnable() != nullptr) {
      reschedule();
    } else {
      hal::wait_for_interrupt();
    }
    hal::restore_interrupts(true);
  }
}

void start_slice() {
  if (first_runnable() != nullptr) {
    scheduler.slice.arm(hal::monotonic_now() + time_slice);
  } else {
    scheduler.slice.cancel();
  }
}

Thread& take_next() {
  Thread* next = first_runnable();
  if (next == nullptr) {
    return *scheduler.idle;
  }
  static_cast<ListNode<RunQueueTag>*>(next)->unlink();
  return *next;
}

void switch_to(Thread& previous, Thread& next) {
  hal::PerCpu& cpu = hal::this_cpu();
  const Instant now = hal::monotonic_now();
  previous.time_used = previous.time_used + (now - std::exchange(scheduler.switched_at, now));
  next.state = ThreadState::running;
  cpu.current = &next;
  cpu.context = &next.context;
  cpu.pending = next.interrupt_requested ? cpu.pending | hal::pending_signal
                                         : cpu.pending & ~std::uint32_t{hal::pending_signal};
  ++hal::this_cpu().switch_count;
  hal::switch_context(previous.context, next.context);
  // From here on it is `previous` again, perhaps much later.
  finish_switch();
}

} // namespace

void finish_switch() {
  Thread* ended = scheduler.ended;
  scheduler.ended = nullptr;
  if (ended != nullptr) {
    destroy(*ended);
  }
}

void adopt_boot_thread(Thread& thread) {
  hal::PerCpu& cpu = hal::this_cpu();
  cpu.kernel_stack_top = thread.context.kernel_stack_top;
  cpu.current = &thread;
  cpu.context = &thread.context;
}

Result<> start_idling() {
  scheduler.idle = TRY(create_thread({.name = "idle", .entry = run_idle}));
  return {};
}

void make_runnable(Thread& thread) {
  const hal::InterruptsOff off;
  if (thread.state != ThreadState::blocked) {
    return;
  }
  hal::PerCpu& cpu = hal::this_cpu();
  thread.state = ThreadState::runnable;
  queue_of(thread).push_back(thread);
  if (cpu.current == nullptr || cpu.current == scheduler.idle) {
    return;
  }
  if (thread.priority < cpu.current->priority) {
    cpu.pending = cpu.pending | hal::pending_reschedule;
  } else if (!scheduler.slice.is_linked()) {
    scheduler.slice.arm(hal::monotonic_now() + time_slice);
  }
}

void reschedule() {
  hal::PerCpu& cpu = hal::this_cpu();
  Thread& previous = *cpu.current;
  cpu.pending = cpu.pending & ~std::uint32_t{hal::pending_reschedule};
  if (previous.state == ThreadState::running && &previous != scheduler.idle) {
    if (first_runnable() == nullptr) {
      return;
    }
    previous.state = ThreadState::runnable;
    queue_of(previous).push_back(previous);
  }
  if (previous.state == ThreadState::ended) {
    scheduler.ended = &previous;
  }
  Thread& next = take_next();
  start_slice();
  if (&next == &previous) {
    previous.state = ThreadState::running;
    return;
  }
  switch_to(previous, next);
}

Duration processor_time(const Thread& thread) {
  const hal::InterruptsOff off;
  const bool is_running = thread.state == ThreadState::running;
  const Duration now = is_running ? hal::monotonic_now() - scheduler.switched_at : Duration();
  return thread.time_used + now;
}

void yield() {
  const hal::InterruptsOff off;
  reschedule();
}

void exit_thread() {
  hal::disable_interrupts();
  current_thread().state = ThreadState::ended;
  reschedule();
  panic("a thread that has ended was run again");
}

} // namespace skerry::kernel
