// SPDX-License-Identifier: Apache-2.0
// /proc/self/task: a directory for each thread of the application, with its name in it.
#pragma once

#include <fs/node.hpp>

namespace skerry::posix {

/// Makes the directory; it lies in `above`, which lives for ever. Errors: not_enough_memory
[[nodiscard]] Result<fs::NodeReference> make_thread_directory(fs::Directory& above);

/// Makes the file with the name of a thread, which may be written to (/proc/self/comm).
/// Errors: not_enough_memory
[[nodiscard]] Result<fs::NodeReference> make_thread_name(const fs::FileSystem& home, int thread);

} // namespace skerry::posix
