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
struct ObserverTag;

/// Is told of every wake of a queue, beside the threads that wait there: how one thread waits for
/// several queues. Owned by whoever observes; must be forgotten before it is destroyed.
class Observer : public ListNode<ObserverTag> {
public:
  /// Called with interrupts off, in any context: it may mark and wake, and may not change the queue
  /// that it observes.
  using Callback = void (*)(Observer& observer);
  constexpr explicit Observer(Callback callback) : callback_(callback) {}

private:
  friend class WaitQueue;
  Callback callback_;
};

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
      if (deadline != Instant::never() && hal::monotonic_now() >= deadline) {
        return WaitResult::timeout;
      }
      waiter.sleep(interruptible);
    }
  }

  /// Makes up to `count` waiting threads look at their predicates again, the longest waiting first,
  /// and tells all observers. Returns how many threads. Any context.
  std::size_t wake(std::size_t count = 1);
  std::size_t wake_all() { return wake(SIZE_MAX); }

  [[nodiscard]] bool has_waiters() const;

  /// Tells `observer` of every wake from here on. It is in no queue yet. Any context.
  void observe(Observer& observer);
  /// Ends it; nothing happens when `observer` is in no queue. Any context.
  static void forget(Observer& observer);

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
  IntrusiveList<Observer, ObserverTag> observers_;
};

} // namespace skerry::kernel
