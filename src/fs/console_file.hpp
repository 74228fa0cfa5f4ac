// SPDX-License-Identifier: Apache-2.0
// The console as a file: what descriptors 0, 1 and 2 of a service refer to at the start.
#pragma once

#include <fs/file.hpp>

namespace skerry::fs {

/// The console. Writing never blocks; reading waits for a line (kernel/console_input.hpp). Not a
/// terminal. Lives for ever.
[[nodiscard]] FileReference console_file();
/// Its two directions apart, as a service without a terminal has them: who asks whether it may
/// write does not ask anybody to type.
[[nodiscard]] FileReference console_input();
[[nodiscard]] FileReference console_output();

} // namespace skerry::fs
