// SPDX-License-Identifier: Apache-2.0
// Several CPUs in one process, for tests of what they share.
#pragma once

#include <functional>

namespace skerry::hosted {

/// Runs `work(number)` on `count` CPUs at once and returns when all have ended. Each is a thread
/// with its own PerCpu, interrupt flag, alarm and held locks; the clock is one for all.
/// Context: one thread of the process, which takes no part.
void run_on_cpus(unsigned count, const std::function<void(unsigned number)>& work);

} // namespace skerry::hosted
