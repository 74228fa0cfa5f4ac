// SPDX-License-Identifier: Apache-2.0
// The console of the first line and of the last one.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace skerry::hal {

/// Writes to whatever the platform has for a console. May drop, never blocks for long, never
/// fails. Any context, a panic with interrupts off included.
void console_write(std::string_view text);

/// Takes up to `buffer.size()` bytes of what was typed there; returns how many, 0 when there are
/// none. Never blocks. Any context, one reader at a time.
std::size_t console_read(std::span<char> buffer);

/// Names who is told, in interrupt context, that console_read() has something. Returns whether
/// there is a console that can be typed on. Context: boot, interrupts off.
bool on_console_input(void (*callback)(void* context), void* context);

} // namespace skerry::hal
