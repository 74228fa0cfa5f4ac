// SPDX-License-Identifier: Apache-2.0
// Boots an image of tests once for each of them; see the header.
#include "test/libc/suite.hpp"

#include "support/failure.hpp"
#include "support/file.hpp"
#include "vm/guest.hpp"

#include <chrono>
#include <format>
#include <future>
#include <print>
#include <sstream>

namespace skerry::libc {
namespace {

constexpr std::chrono::minutes patience(5);
constexpr std::size_t lines_of_trouble = 12;

// What the tests say by their status (posixtest.h of the Open POSIX Test Suite).
constexpr int test_passed = 0;
constexpr int test_unsupported = 4;
constexpr int test_untested = 5;

struct Ending {
  int status = -1; ///< of main(); -1 when `trouble` says why there is none
  std::string trouble{};
  std::string console{};
};

Ending boot(const std::filesystem::path& image, const std::string& name) {
  vm::Guest guest(
      {.boot = vm::KernelBoot{.image = image, .command_line = std::format("quiet -- {}", name)},
       .kind = vm::MachineKind::microvm});
  const auto result = guest.wait_until(deadline_in(patience));
  Ending ending;
  if (!result)
    ending.trouble = std::format("it did not end in {}", patience);
  else if (!*result)
    ending.trouble = result->error();
  else
    ending.status = **result;
  ending.console = guest.console().text();
  return ending;
}

} // namespace

Plan read_plan(const std::string& text) {
  Plan plan;
  std::istringstream stream(text);
  for (std::string word, name, reason; stream >> word >> name && std::getline(stream, reason);) {
    plan.all += word == "skipped" ? 0 : 1;
    if (word == "run")
      plan.tests.push_back(name);
    else if (word == "left")
      continue; // not in this image
    else if (word == "skipped")
      plan.skipped.push_back(reason);
    else if (word == "excluded")
      plan.excluded.push_back(std::format("{}:{}", name, reason));
    else
      throw Failure(
          "a line of the plan begins with \"{}\"; expected run, left, skipped or excluded", word);
  }
  return plan;
}

void Suite::run(unsigned threads) {
  std::vector<std::future<void>> workers;
  for (unsigned number = 0; number < threads; ++number)
    workers.push_back(std::async(std::launch::async, [this] { work(); }));
  for (auto& worker : workers)
    worker.get();
}

void Suite::work() {
  try {
    for (std::size_t index = next_++; index < tests_.size(); index = next_++)
      run_test(tests_[index]);
  } catch (...) {
    next_ = tests_.size(); // the others end too
    throw;
  }
}

void Suite::run_test(const std::string& name) {
  const Ending ending = boot(image_, name);
  const std::lock_guard lock(mutex_);
  if (ending.status == test_passed) {
    ++passed_;
  } else if (ending.status == test_unsupported || ending.status == test_untested) {
    declined_.push_back(name);
  } else {
    ++failed_;
    std::println("FAILED {}\n{}\n{}", name,
                 ending.trouble.empty() ? std::format("exit status {}", ending.status)
                                        : ending.trouble,
                 last_lines(ending.console, lines_of_trouble));
    std::fflush(stdout);
  }
}

} // namespace skerry::libc
