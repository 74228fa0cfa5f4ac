// SPDX-License-Identifier: Apache-2.0
// Timers that send signals: timer_create(2) and setitimer(2).
#pragma once

#include <signal.h>

namespace skerry::posix {

/// Sends the signals of all timers that have gone off. Context: the signal thread.
void send_timer_signals();

/// The signal of a timer was taken: tells in it how often the timer went off meanwhile.
/// Context: thread, no lock held.
void settle_timer_signal(siginfo_t& info);

} // namespace skerry::posix
