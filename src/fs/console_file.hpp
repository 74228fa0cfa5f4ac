// SPDX-License-Identifier: Apache-2.0
// The console as a file: what descriptors 0, 1 and 2 of a service refer to at the start.
#pragma once

#include <fs/file.hpp>

namespace skerry::fs {

/// The console. Writing never blocks; reading is at the end of the file at once, since nobody
/// types. Not a terminal. Lives for ever.
[[nodiscard]] FileReference console_file();

} // namespace skerry::fs
