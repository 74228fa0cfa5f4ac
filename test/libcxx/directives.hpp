// SPDX-License-Identifier: Apache-2.0
// What a test of libc++ says to lit in its comments.
// Specification: LLVM's lit/TestRunner.py; libcxx/utils/libcxx/test/format.py.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skerry::libcxx {

struct Directives {
  std::vector<std::string> unsupported;   ///< expressions: one that is true turns the test away
  std::vector<std::string> required;      ///< expressions: one that is false turns it away
  std::vector<std::string> expected_fail; ///< expressions: one that is true: it has to fail
  /// Flags for the compiler, each with the feature on which it depends, or an empty text.
  std::vector<std::pair<std::string, std::string>> flags;
  std::vector<std::string> files; ///< beside the test; it wants them in its folder
  unsigned retries = 0;           ///< how often it may fail before it has failed
};

/// Reads the text of a test up to its line `END.`. Throws Failure for a number that is none.
[[nodiscard]] Directives read_directives(std::string_view text);

/// The parts of `text` between any of `separators`, without the empty ones.
[[nodiscard]] std::vector<std::string> split(std::string_view text, std::string_view separators);

/// Without the blanks at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

} // namespace skerry::libcxx
