// SPDX-License-Identifier: Apache-2.0
// Sleeping and waking.
#include <kernel/timer.hpp>
#include <kernel/wait_queue.hpp>

namespace skerry::kernel {
namespace {

void wake_by_timer(Timer&, void* context) {
  make_runnable(*static_cast<Thread*>(context));
}

} // namespace

WaitQueue::Waiter::Waiter(WaitQueue& queue, Instant deadline)
    : queue_(queue), thread_(current_thread()), deadline_(deadline) {}

WaitQueue::Waiter::~Waiter() {
  const hal::InterruptsOff off;
  unlink();
}

void WaitQueue::Waiter::prepare() {
  const hal::InterruptsOff off;
  woken_ = false;
  if (!is_linked()) {
    queue_.waiters_.push_back(*this);
  }
}

void WaitQueue::Waiter::sleep(Interruptible interruptible) {
  Timer timer(wake_by_timer, &thread_);
  const hal::InterruptsOff off;
  if (woken_ || (interruptible == Interruptible::yes && thread_.interrupt_requested)) {
    return;
  }
  thread_.in_interruptible_wait = interruptible == Interruptible::yes;
  thread_.state = ThreadState::blocked;
  // Arming may expire at once and make the thread runnable again, which is why it comes second.
  timer.arm(deadline_);
  reschedule();
  thread_.in_interruptible_wait = false;
}

std::size_t WaitQueue::wake(std::size_t count) {
  const hal::InterruptsOff off;
  std::size_t woken = 0;
  while (woken < count) {
    Waiter* waiter = waiters_.pop_front();
    if (waiter == nullptr) {
      break;
    }
    waiter->woken_ = true;
    make_runnable(waiter->thread_);
    ++woken;
  }
  for (Observer& observer : observers_) {
    observer.callback_(observer);
  }
  return woken;
}

void WaitQueue::observe(Observer& observer) {
  const hal::InterruptsOff off;
  observers_.push_back(observer);
}

void WaitQueue::forget(Observer& observer) {
  const hal::InterruptsOff off;
  observer.unlink();
}

bool WaitQueue::has_waiters() const {
  return !waiters_.empty();
}

} // namespace skerry::kernel
