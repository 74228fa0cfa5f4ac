// SPDX-License-Identifier: Apache-2.0
// What is typed on the consoles, all of them together, line by line. It is asked for by the byte
// XON (Control-Q) on every console when somebody wants to read and there is nothing: `skerry run`
// answers from its own standard input, and a person need not wait for it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace skerry::kernel {

class WaitQueue;

/// Listens to the consoles. Context: boot, after the devices.
void start_console_input();

/// Whether there is something to take: a line, or the end of the input, which is where nobody can
/// type. Asks for a line when not. Context: thread.
[[nodiscard]] bool console_input_ready();

/// A piece of the input.
struct InputPart {
  std::size_t bytes = 0; ///< 0: the end of the input
  bool ends = false;     ///< the line, or the input, ends behind it
};

/// Moves what was typed to `buffer`, which is not empty, up to the end of a line. Nothing where
/// console_input_ready() is false, and then asks for a line. Context: thread.
[[nodiscard]] std::optional<InputPart> take_console_input(std::span<char> buffer);

/// Woken when console_input_ready() may have become true.
[[nodiscard]] WaitQueue& console_input_changes();

/// Bytes for which there was no room. Context: thread.
[[nodiscard]] std::uint64_t dropped_console_input();

} // namespace skerry::kernel
