// SPDX-License-Identifier: Apache-2.0
// All consoles at once: the platform's own, which is there from the first line on, and those that
// drivers have brought up.
#pragma once

#include <string_view>

namespace skerry::kernel {

/// Writes the service's `text` to each. Any context, a panic included.
void write_consoles(std::string_view text);

/// Writes `line`, which is the kernel's: it starts a line of its own when the service has begun one
/// that has not ended. Any context, a panic included.
void write_kernel_line(std::string_view line);

/// Writes a control character, which is no part of any line. Any context.
void write_control(char character);

/// Waits a moment until what was written has left the machine. Any context.
void flush_consoles();

} // namespace skerry::kernel
