// SPDX-License-Identifier: Apache-2.0
// A line on the console, every so many seconds, about what the image has in use: for an operator,
// and for tests that look for what is never given back.
#pragma once

#include <core/result.hpp>

namespace skerry::posix {

/// Starts a thread that writes the line, when `status=` on the command line asks for it. Context:
/// boot. Errors: not_enough_memory
[[nodiscard]] Result<> start_status_line();

} // namespace skerry::posix
