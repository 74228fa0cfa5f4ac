// SPDX-License-Identifier: Apache-2.0
// A console as a device: text out, and bytes in where it has a keyboard or a line.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace skerry::device {

/// A place for text.
///
/// Context:  any for write(), a panic with interrupts off included. It may drop, never blocks for
///           long, never fails.
/// Lifetime: consoles live for ever.
class Console {
public:
  /// Writes `text`; lines end with a line feed.
  virtual void write(std::string_view text) = 0;

  /// Waits until what was written has left the machine, some hundredths of a second at most: the
  /// power goes off next. Context: as write().
  virtual void flush() {}

  /// Takes up to `buffer.size()` bytes of what was typed; returns how many, 0 when there are none.
  /// Never blocks. One reader at a time.
  virtual std::size_t read(std::span<char> buffer) = 0;

  /// Names who is told, in interrupt context, that read() has something. One at a time.
  virtual void on_input(void (*callback)(void* context), void* context) = 0;

protected:
  ~Console() = default;
};

} // namespace skerry::device
