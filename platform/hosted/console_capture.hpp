// SPDX-License-Identifier: Apache-2.0
// The console of a hosted process: text that a test can look at.
#pragma once

#include <string>
#include <string_view>

namespace skerry::hosted {

/// What was written to the console since the last call. Any thread.
[[nodiscard]] std::string take_console_text();

/// Types on the console: what hal::console_read() finds, and an interrupt. Any thread.
void type_on_console(std::string_view text);

} // namespace skerry::hosted
