// SPDX-License-Identifier: Apache-2.0
// What thread.cpp and scheduler.cpp have between them.
#pragma once

#include <kernel/thread.hpp>

namespace skerry::kernel {

/// The code that runs now is `thread` from here on.
void adopt_boot_thread(Thread& thread);

/// Called first on the stack of the thread that was switched to: buries one that has ended.
void finish_switch();

/// Creates the thread that runs when no other can.
[[nodiscard]] Result<> start_idling();

/// Frees the vector state of a thread that does not run and never will; its stack goes with it.
void free_parts(Thread& thread);

/// Frees a thread that has ended and is not running.
void destroy(Thread& thread);

} // namespace skerry::kernel
