// SPDX-License-Identifier: Apache-2.0
// What a console shows that was written with the kernel argument `trace`.
#pragma once

#include "test/truth/ledger.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace skerry::truth {

/// One call, from its line in the trace.
struct TracedCall {
  std::string name{};
  std::string answer{}; ///< a number, `-1 ERROR`, or `?` of a call that does not return
};

/// Null-like (without a name) for a line that shows no call.
[[nodiscard]] TracedCall read_traced(std::string_view line);

/// Whether the call came to the end that `error` names: none when that is empty.
[[nodiscard]] bool ended_with(const TracedCall& call, std::string_view error);

/// What GoogleTest said of a test, and the calls that were made while it ran.
struct Section {
  bool has_passed = false;
  std::vector<TracedCall> calls{};
};

/// What the tests said themselves.
[[nodiscard]] std::string without_trace(std::string_view console);

/// By SUITE.TEST.
[[nodiscard]] std::map<std::string, Section> cut(std::string_view console);

/// Empty when the tests prove it, else why they do not.
[[nodiscard]] std::string trouble_with(const Proof& proof,
                                       const std::map<std::string, Section>& sections);

/// Empty when the console of the image proves it: the call, and after it the words.
[[nodiscard]] std::string trouble_with(const Proof& proof, std::string_view console);

} // namespace skerry::truth
