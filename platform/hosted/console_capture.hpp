// SPDX-License-Identifier: Apache-2.0
// The console of a hosted process: text that a test can look at.
#pragma once

#include <string>

namespace skerry::hosted {

/// What was written to the console since the last call. Any thread.
[[nodiscard]] std::string take_console_text();

} // namespace skerry::hosted
