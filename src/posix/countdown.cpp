// SPDX-License-Identifier: Apache-2.0
// See the header.
#include "src/posix/countdown.hpp"

#include <hal/clock.hpp>

#include <algorithm>

namespace skerry::posix {
namespace {

/// The processor is not interrupted more often than this for the same countdown.
constexpr Duration least_pause = Duration::microseconds(50);

} // namespace

void Countdown::set(Instant first, Duration interval) {
  timer_.cancel();
  next_ = first;
  interval_ = interval;
  timer_.arm(first);
}

std::uint64_t Countdown::take() {
  const Instant now = hal::monotonic_now();
  if (next_ > now) {
    return 0;
  }
  if (interval_ == Duration()) {
    next_ = Instant::never();
    return 1;
  }
  const std::int64_t count = (now - next_).in_nanoseconds() / interval_.in_nanoseconds() + 1;
  next_ = next_ + Duration::nanoseconds(interval_.in_nanoseconds() * count);
  timer_.arm(std::max(next_, now + least_pause));
  return static_cast<std::uint64_t>(count);
}

Duration Countdown::left() const {
  if (next_ == Instant::never()) {
    return {};
  }
  const Instant now = hal::monotonic_now();
  if (next_ > now) {
    return next_ - now;
  }
  const Duration least = Duration::nanoseconds(1); // zero would say that it is stopped
  if (interval_ == Duration()) {
    return least;
  }
  const std::int64_t passed = (now - next_).in_nanoseconds() % interval_.in_nanoseconds();
  return Duration::nanoseconds(interval_.in_nanoseconds() - passed);
}

} // namespace skerry::posix
