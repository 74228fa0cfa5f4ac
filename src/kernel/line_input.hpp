// SPDX-License-Identifier: Apache-2.0
// What was typed, as lines: the part of a terminal's line discipline (POSIX, 11.1.6) that is left
// when the other end edits and echoes.
#pragma once

#include <kernel/console_input.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace skerry::kernel {

/// Bytes go in as they come, lines come out. A carriage return ends a line as a line feed does.
/// Control-D ends what was typed so far without a line end; alone it is the end of the input, once.
/// Control-V makes the byte behind it an ordinary one. Nothing is echoed and nothing erased.
///
/// Input is asked for (`asks()`), so that the other end can hold back what there is no room for: it
/// answers each question with a line, what ends with Control-D, or `most_for_a_question` bytes of a
/// line (one less where the next one would be marked by Control-V).
class LineInput {
public:
  static constexpr std::size_t size = 1024;
  static constexpr std::size_t most_for_a_question = 128; ///< one less is complete, too
  static constexpr char end_of_input = 0x04;              ///< Control-D
  static constexpr char question = 0x11;                  ///< Control-Q, XON: "go on"
  static constexpr char literal = 0x16;                   ///< Control-V

  /// Takes a byte that was typed; drops and counts it when there is no room.
  void add(char typed);

  /// Whether take() has something: a line, the end of the input, or so much of a line that there is
  /// no room for more.
  [[nodiscard]] bool readable() const { return ends_ != 0 || used() + most_for_a_question > size; }

  /// Moves bytes to `buffer`, up to the end of the first line. When readable().
  InputPart take(std::span<char> buffer);

  /// Whether to ask for input now. From then on it is not asked again until the answer is complete.
  [[nodiscard]] bool asks();

  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

private:
  /// Above the byte.
  static constexpr std::uint16_t ends_line = 0x100;
  static constexpr std::uint16_t no_byte = 0x200; ///< an end alone

  [[nodiscard]] std::size_t used() const { return added_ - taken_; }
  void put(std::uint16_t entry);
  void end_here();

  std::array<std::uint16_t, size> ring_{};
  std::size_t added_ = 0;
  std::size_t taken_ = 0;
  std::size_t ends_ = 0;     ///< entries with ends_line
  std::size_t expected_ = 0; ///< bytes that may still come for the last question
  std::uint64_t dropped_ = 0;
  bool is_literal_ = false; ///< the next byte
};

} // namespace skerry::kernel
