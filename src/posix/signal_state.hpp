// SPDX-License-Identifier: Apache-2.0
// What all threads share of the signals.
#pragma once

#include "src/posix/signals.hpp"

#include <kernel/locked.hpp>

#include <array>

namespace skerry::posix {

inline constexpr std::uint64_t default_handler = 0; // SIG_DFL
inline constexpr std::uint64_t ignore_handler = 1;  // SIG_IGN

struct SignalState {
  /// Indexed by signal number.
  std::array<SignalAction, signal_limit + 1> actions{};
  /// Sent to the process, for any thread.
  PendingSignals pending;
};

/// Guards also Task::pending and Task::blocked of every task.
[[nodiscard]] Locked<SignalState>& signal_state();

} // namespace skerry::posix
