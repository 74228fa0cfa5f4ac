// SPDX-License-Identifier: Apache-2.0
// Boots an image of tests, as often as its tests end the machine, and says what became of each.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace skerry::libcxx {

struct Outcome {
  bool passed = false;
  std::string trouble{}; ///< how it ended and what it wrote last; empty when it passed
};

/// Reads the runner's lines of one boot from `first` on into `outcomes`. `ending` is empty when the
/// machine ended with status 0, which is a pass for a test that ended it by itself, as it is for
/// any program; else it says how the machine ended. Returns the index from which to go on: at least
/// one more than `first`.
[[nodiscard]] std::size_t read_console(const std::string& console, const std::string& ending,
                                       std::size_t first, std::vector<Outcome>& outcomes);

/// Runs the tests `first` to `end` of an image with a runner; a test without a word for `silence`
/// has failed.
[[nodiscard]] std::vector<Outcome> run_together(const std::filesystem::path& image,
                                                std::size_t first, std::size_t end,
                                                std::chrono::seconds silence);

/// Runs an image that is one test.
[[nodiscard]] Outcome run_alone(const std::filesystem::path& image, std::chrono::seconds silence);

} // namespace skerry::libcxx
