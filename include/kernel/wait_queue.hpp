// SPDX-License-Identifier: Apache-2.0
// The only way to block: wait until a predicate holds, a deadline passes or a signal interrupts.
#pragma once

#include <core/intrusive_list.hpp>
#include <core/units.hpp>
#include <hal/clock.hpp>
#include <hal/cpu.hpp>
#include <kernel/thread.hpp>

#include <cstddef>
#include <cstdint>

namespace skerry::kernel {

enum class WaitResult : std::uint8_t { ready, timeout, interrupted };

/// Whether a signal may end a wait.
enum class Interruptible : std::uint8_t { no, yes };

struct WaiterTag;

/// Threads that wait for something to change. Whoever changes it calls wake.
class WaitQueue {
public:
  constexpr WaitQueue() = default;

  /// Blocks until `predicate()` is true. The predicate is called in the waiting thread, with
  /// interrupts on, at least once, and again after every wake. Context: thread.
  template <class Predicate>
  [[nodiscard]] WaitResult wait_until(Predicate&& predicate, Instant deadline = Instant::never(),
                                      Interruptible interruptible = Interruptible::yes) {
    if (predicate()) {
      return WaitResult::ready;
    }
    Waiter waiter(*this, deadline);
    for (;;) {
      waiter.prepare();
      if (predicate()) {
        return WaitResult::ready;
      }
      if (interruptible == Interruptible::yes && waiter.thread().interrupt_requested) {
        return WaitResult::interrupted;
      }
      if (hal::monotonic_now() >= deadline) {
        return WaitResult::timeout;
      }
      waiter.sleep(interruptible);
    }
  }

  /// Makes up to `count` waiting threads look at their predicates again, the longest waiting first.
  /// Returns how many. Any context.
  std::size_t wake(std::size_t count = 1);
  std::size_t wake_all() { return wake(SIZE_MAX); }

  [[nodiscard]] bool has_waiters() const;

private:
  /// One thread's place in a queue for the time of one wait.
  class Waiter : public ListNode<WaiterTag> {
  public:
    Waiter(WaitQueue& queue, Instant deadline);
    ~Waiter();
    /// Enters the queue; from here on a wake is not missed.
    void prepare();
    /// Sleeps unless a wake has come since prepare().
    void sleep(Interruptible interruptible);
    [[nodiscard]] Thread& thread() const { return thread_; }

  private:
    friend class WaitQueue;
    WaitQueue& queue_;
    Thread& thread_;
    Instant deadline_;
    bool woken_ = false;
  };

  IntrusiveList<Waiter, WaiterTag> waiters_;
};

} // namespace skerry::kernel
