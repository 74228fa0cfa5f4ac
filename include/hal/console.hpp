// SPDX-License-Identifier: Apache-2.0
// The console of the first line and of the last one.
#pragma once

#include <string_view>

namespace skerry::hal {

/// Writes to whatever the platform has for a console. May drop, never blocks for long, never
/// fails. Any context, a panic with interrupts off included.
void console_write(std::string_view text);

} // namespace skerry::hal
