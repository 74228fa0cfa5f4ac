// SPDX-License-Identifier: Apache-2.0
// Runs the tests of a plan: compiles, links, boots, on several threads, and counts.
#pragma once

#include "test/libcxx/build.hpp"
#include "test/libcxx/drive.hpp"
#include "test/libcxx/plan.hpp"

#include <atomic>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace skerry::libcxx {

class Suite {
public:
  Suite(const Builder& builder, std::span<const Test> tests) : builder_(builder), tests_(tests) {}

  /// Runs all of the tests on `threads` threads; each failure is printed as it comes. Throws
  /// Failure when one of the threads met something that no test is to blame for.
  void run(unsigned threads);

  [[nodiscard]] std::size_t passed() const { return passed_; }
  [[nodiscard]] const std::vector<std::string>& failed() const { return failed_; }

private:
  void work();
  void run_batch(std::size_t batch);
  void run_linked(std::span<const Builder::Part> parts, const std::string& name);
  [[nodiscard]] std::vector<Outcome> boot(std::span<const Builder::Part> parts,
                                          const std::filesystem::path& image);
  void note(const Test& test, const Outcome& outcome);

  const Builder& builder_;
  std::span<const Test> tests_;
  std::atomic<std::size_t> next_batch_ = 0;
  std::mutex mutex_; // of what follows, and of standard output
  std::size_t passed_ = 0;
  std::vector<std::string> failed_;
};

} // namespace skerry::libcxx
