// SPDX-License-Identifier: Apache-2.0
// Points in time until which something may take, on the clock that never goes back.
#pragma once

#include <algorithm>
#include <chrono>
#include <climits>

namespace skerry {

using Deadline = std::chrono::steady_clock::time_point;

inline constexpr Deadline no_deadline = Deadline::max();

template <typename Rep, typename Period>
[[nodiscard]] Deadline deadline_in(std::chrono::duration<Rep, Period> duration) {
  return std::chrono::steady_clock::now() +
         std::chrono::duration_cast<std::chrono::steady_clock::duration>(duration);
}

/// What poll(2) wants: milliseconds left, rounded up; 0 when past, -1 for `no_deadline`.
[[nodiscard]] inline int poll_timeout(Deadline deadline) {
  if (deadline == no_deadline)
    return -1;
  const Deadline now = std::chrono::steady_clock::now();
  if (deadline <= now)
    return 0;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - now);
  return static_cast<int>(std::min<long long>(left.count(), INT_MAX));
}

} // namespace skerry
