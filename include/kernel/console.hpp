// SPDX-License-Identifier: Apache-2.0
// All consoles at once: the platform's own, which is there from the first line on, and those that
// drivers have brought up.
#pragma once

#include <string_view>

namespace skerry::kernel {

/// Writes `text` to each. Any context, a panic included.
void write_consoles(std::string_view text);

/// Waits a moment until what was written has left the machine. Any context.
void flush_consoles();

} // namespace skerry::kernel
