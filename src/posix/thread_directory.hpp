// SPDX-License-Identifier: Apache-2.0
// /proc/self/task: a directory for each thread of the application, with its name in it.
#pragma once

#include <fs/node.hpp>

namespace skerry::posix {

/// Makes the directory; it lies in `above`, which lives for ever. Errors: not_enough_memory
[[nodiscard]] Result<fs::NodeReference> make_thread_directory(fs::Directory& above);

} // namespace skerry::posix
