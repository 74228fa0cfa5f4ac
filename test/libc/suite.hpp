// SPDX-License-Identifier: Apache-2.0
// Boots an image of tests once for each of them, on several threads, and counts.
#pragma once

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

namespace skerry::libc {

/// What the project that made an image has written of it: lines `run NAME -`, `left NAME -`,
/// `skipped NAME REASON` and `excluded NAME REASON`.
struct Plan {
  std::size_t all = 0;                 ///< those to be run, in this image or not, or excluded
  std::vector<std::string> tests{};    ///< in the image
  std::vector<std::string> skipped{};  ///< reasons, of one test each
  std::vector<std::string> excluded{}; ///< names and reasons
};

/// Throws Failure for another line.
[[nodiscard]] Plan read_plan(const std::string& text);

class Suite {
public:
  Suite(std::filesystem::path image, std::vector<std::string> tests)
      : image_(std::move(image)), tests_(std::move(tests)) {}

  /// Runs all tests; each failure is printed as it comes.
  void run(unsigned threads);

  [[nodiscard]] std::size_t passed() const { return passed_; }
  [[nodiscard]] std::size_t failed() const { return failed_; }
  /// Those that say themselves that they are not for such a system, or test nothing.
  [[nodiscard]] const std::vector<std::string>& declined() const { return declined_; }

private:
  void work();
  void run_test(const std::string& name);

  std::filesystem::path image_;
  std::vector<std::string> tests_;
  std::atomic<std::size_t> next_ = 0;
  std::mutex mutex_; // of what follows, and of standard output
  std::size_t passed_ = 0;
  std::size_t failed_ = 0;
  std::vector<std::string> declined_;
};

} // namespace skerry::libc
