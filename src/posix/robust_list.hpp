// SPDX-License-Identifier: Apache-2.0
// Robust mutexes: what a thread held when it ended (Linux, Documentation/locking/robust-futex-ABI).
#pragma once

namespace skerry::posix {

struct Task;

/// Marks every mutex on the task's robust list as left by a dead owner and wakes a waiter of each.
/// The list is the application's: it is followed for a bounded number of steps.
void release_robust_list(Task& task);

} // namespace skerry::posix
