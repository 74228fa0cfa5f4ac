// SPDX-License-Identifier: Apache-2.0
// The result of a test run, from the file that `ctest --output-junit` writes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace skerry::command {

struct TestCounts {
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t skipped = 0; ///< by themselves, or because what they build upon has failed
  std::vector<std::string> failed_names{};
  std::vector<std::string> skipped_names{}; ///< each with its reason, where it gave one

  TestCounts& operator+=(const TestCounts& other);
};

/// Counts the test cases by their status. Throws Failure for one without a status.
[[nodiscard]] TestCounts parse_junit(std::string_view xml);

} // namespace skerry::command
