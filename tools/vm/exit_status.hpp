// SPDX-License-Identifier: Apache-2.0
// How a guest says with which status `main` ended. The last line of its console is
// `skerry: exit status N`, with the full 8 bits of N; then it writes N & 0x7f to the exit device,
// so that QEMU ends with ((N & 0x7f) << 1) | 1. The console is the word, QEMU's status the check.
#pragma once

#include "support/process.hpp"

#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace skerry::vm {

/// The status of `main`, or one line that says why there is none.
using GuestResult = std::expected<int, std::string>;

/// N of the line `skerry: exit status N`, which a word in brackets may follow ("(panic)") and
/// output without a line end may precede.
[[nodiscard]] std::optional<int> parse_exit_line(std::string_view line);

/// `console_line` is the last complete or incomplete line of the console that is not blank,
/// `qemu_error` what QEMU wrote to standard error.
[[nodiscard]] GuestResult translate_exit(std::string_view console_line, ProcessStatus qemu,
                                         std::string_view qemu_error);

/// Passes a console stream on without the exit line at its end, which is for us and not for the
/// reader. What may become the exit line is held back until it is told apart.
class ExitLineFilter {
public:
  /// What may be shown after these bytes have come.
  [[nodiscard]] std::string pass(std::string_view bytes);
  /// What was held back and turned out to be something else, at the end of the stream.
  [[nodiscard]] std::string finish();
  /// The exit line without its end, after finish(); empty when there was none.
  [[nodiscard]] const std::string& exit_line() const { return exit_line_; }

private:
  static bool may_be_exit_line(std::string_view text);

  std::string held_; // what may be the beginning of the exit line
  std::string exit_line_;
};

} // namespace skerry::vm
