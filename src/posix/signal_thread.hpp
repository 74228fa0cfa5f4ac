// SPDX-License-Identifier: Apache-2.0
// The thread that makes signals of what happens in interrupt context: timers and the power button.
#pragma once

#include <core/result.hpp>

namespace skerry::posix {

/// Context: boot, once, after the threads. Errors: not_enough_memory
[[nodiscard]] Result<> start_signal_thread();

/// Makes the thread look at every timer. Any context.
void wake_signal_thread();

/// Somebody pressed the machine's power button: SIGTERM for the process. Any context.
void on_power_button(void* context);

} // namespace skerry::posix
