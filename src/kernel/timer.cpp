// SPDX-License-Identifier: Apache-2.0
// The queue of armed timers and the one hardware deadline that serves it.
#include <hal/clock.hpp>
#include <hal/cpu.hpp>
#include <kernel/interrupt.hpp>
#include <kernel/timer.hpp>

namespace skerry::kernel {
namespace {

struct Earlier {
  bool operator()(const Timer& left, const Timer& right) const {
    return left.deadline() < right.deadline();
  }
};

/// Touched with interrupts off only.
constinit PairingHeap<Timer, Earlier> armed;

void arm_hardware() {
  hal::arm_timer(armed.empty() ? Instant::never() : armed.first()->deadline());
}

} // namespace

void Timer::arm(Instant deadline) {
  const hal::InterruptsOff off;
  if (is_linked()) {
    armed.remove(*this);
  }
  deadline_ = deadline;
  if (deadline == Instant::never()) {
    return;
  }
  armed.insert(*this);
  if (armed.first() == this) {
    arm_hardware();
  }
}

void Timer::cancel() {
  // The hardware may still fire for it: one needless interrupt is cheaper than arming again.
  const hal::InterruptsOff off;
  if (is_linked()) {
    armed.remove(*this);
  }
}

void run_expired_timers() {
  while (!armed.empty() && armed.first()->deadline() <= hal::monotonic_now()) {
    Timer& timer = *armed.first();
    armed.remove(timer);
    timer.callback_(timer, timer.context_);
  }
  arm_hardware();
}

void on_timer_interrupt() {
  run_expired_timers();
}

} // namespace skerry::kernel
