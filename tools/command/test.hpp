// SPDX-License-Identifier: Apache-2.0
// Builds everything for the host, runs the tests that need no image, builds the SDK, runs those
// that boot images, and counts.
#pragma once

#include <string>

namespace skerry::command {

struct TestOptions {
  bool allow_skips = false; ///< a skipped test is no failure of the run
  bool with_long = false;   ///< also the tests with the label long, which take minutes
  std::string filter{};     ///< a regular expression for names; empty: all
};

/// Prints "N passed, N failed", and how many were skipped, as the last line of standard output.
/// Returns 0 when none has failed, or was skipped without leave, and one has passed, else 1.
int test(const TestOptions& options);

} // namespace skerry::command
