// SPDX-License-Identifier: Apache-2.0
// The one process: what must stand before the application's first instruction.
#pragma once

#include <core/result.hpp>

namespace skerry::posix {

/// Makes the boot thread the application's main thread, enters the files that programs look for
/// and opens descriptors 0, 1 and 2.
/// Context: boot, once, after threads and files.
/// Errors: not_enough_memory
[[nodiscard]] Result<> start_process();

} // namespace skerry::posix
