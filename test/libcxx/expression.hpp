// SPDX-License-Identifier: Apache-2.0
// The boolean expressions of lit, LLVM's test driver: `!no-threads && target={{.+}}-windows`.
// Specification: LLVM's lit/BooleanExpression.py, as the guide "TestingGuide" describes it.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace skerry::libcxx {

/// One word of an expression, which stands for true when some feature that is there matches it.
struct Word {
  std::string text{};    ///< as written
  std::string pattern{}; ///< a regular expression for a whole feature's name
  bool is_name = false;  ///< no {{…}} in it
};

/// The value of `text`; `holds` says whether a word stands for true and is asked for each word,
/// also where the value is settled. The words `true` and `false` are known. Throws Failure that
/// names the expression when it is not well formed.
[[nodiscard]] bool evaluate(std::string_view text, const std::function<bool(const Word&)>& holds);

} // namespace skerry::libcxx
