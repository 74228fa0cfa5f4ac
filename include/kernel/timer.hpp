// SPDX-License-Identifier: Apache-2.0
// One-shot timers of this CPU. They expire in interrupt context and may only mark and wake.
#pragma once

#include <core/pairing_heap.hpp>
#include <core/units.hpp>

namespace skerry::kernel {

/// A callback at a point in time. Owned by whoever set it up; must be cancelled or have expired
/// before it is destroyed. Belongs to the CPU that armed it.
class Timer : public HeapNode {
public:
  using Callback = void (*)(Timer& timer, void* context);

  constexpr Timer(Callback callback, void* context) : callback_(callback), context_(context) {}
  ~Timer() { cancel(); }

  /// Calls the callback at `deadline` or as soon after as possible. Replaces an earlier deadline.
  /// A deadline that is never() cancels. Any context.
  void arm(Instant deadline);
  /// After it the callback is not called. Any context.
  void cancel();

  [[nodiscard]] Instant deadline() const { return deadline_; }

private:
  friend void run_expired_timers();
  Callback callback_;
  void* context_;
  Instant deadline_ = Instant::never();
};

/// Calls back every timer whose time has come and arms the hardware for the next one.
/// Context: interrupt, or thread with interrupts off.
void run_expired_timers();

} // namespace skerry::kernel
