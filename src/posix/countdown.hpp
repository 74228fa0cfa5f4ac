// SPDX-License-Identifier: Apache-2.0
// A time that is waited for again and again: what timerfd, POSIX timers and setitimer have in
// common.
#pragma once

#include <core/units.hpp>
#include <kernel/timer.hpp>

#include <cstdint>

namespace skerry::posix {

/// Context: thread, but for the callback. Not synchronised.
class Countdown {
public:
  /// `callback` is called in interrupt context each time; take() tells how often it was due.
  constexpr Countdown(kernel::Timer::Callback callback, void* context)
      : timer_(callback, context) {}

  /// Goes off at `first`, and every `interval` after it unless that is zero. never() stops it.
  void set(Instant first, Duration interval);
  void stop() { set(Instant::never(), Duration()); }

  /// How often it has gone off since it was asked last; waits for the next time from here on.
  [[nodiscard]] std::uint64_t take();

  /// Until it goes off next; zero when it never will.
  [[nodiscard]] Duration left() const;
  [[nodiscard]] Duration interval() const { return interval_; }

private:
  Instant next_ = Instant::never();
  Duration interval_;
  kernel::Timer timer_;
};

} // namespace skerry::posix
