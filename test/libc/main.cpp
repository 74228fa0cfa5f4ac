// SPDX-License-Identifier: Apache-2.0
// Runs the tests of an image that is booted once for each; see README.md.
#include "support/failure.hpp"
#include "support/file.hpp"
#include "test/libc/suite.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <print>
#include <thread>

namespace skerry::libc {
namespace {

constexpr double most_excluded_percent = 5;
constexpr unsigned machines_per_cpu = 2; // many tests sleep

struct Options {
  std::filesystem::path build;
  unsigned threads = machines_per_cpu * std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::string> names;
};

void read_options(CLI::App& app, Options& options) {
  app.add_option("--build", options.build, "The folder with the image, tests, and plan.txt")
      ->required();
  app.add_option("--threads", options.threads, "How many machines run at once");
  app.add_option("--test", options.names, "Only tests of which the names hold this; repeatable");
}

/// What has to hold of the whole suite, whatever share of it is in the image.
void check(const Plan& plan) {
  const double percent =
      100.0 * static_cast<double>(plan.excluded.size()) / static_cast<double>(plan.all);
  std::println("{} tests in all; {} of them are excluded ({:.1f} %)", plan.all,
               plan.excluded.size(), percent);
  if (percent >= most_excluded_percent)
    throw Failure("{:.1f} % of the tests are excluded; expected less than {} %", percent,
                  most_excluded_percent);
}

void print_plan(const Plan& plan) {
  std::map<std::string, std::size_t> reasons;
  for (const std::string& reason : plan.skipped)
    ++reasons[reason];
  for (const auto& [reason, count] : reasons)
    std::println("skipped {:4}:{}", count, reason);
  for (const std::string& line : plan.excluded)
    std::println("excluded {}", line);
}

std::vector<std::string> choose(const Options& options, const Plan& plan) {
  std::vector<std::string> chosen = plan.tests;
  const auto unnamed = [&](const std::string& test) {
    return std::ranges::none_of(options.names,
                                [&](const std::string& part) { return test.contains(part); });
  };
  if (!options.names.empty())
    std::erase_if(chosen, unnamed);
  if (chosen.empty())
    throw Failure("there is no such test");
  return chosen;
}

int run(const Options& options) {
  const Plan plan = read_plan(read_text(options.build / "plan.txt"));
  print_plan(plan);
  check(plan);
  Suite suite(options.build / "tests", choose(options, plan));
  suite.run(options.threads);
  for (const std::string& name : suite.declined())
    std::println("not for this system by its own word: {}", name);
  std::println("{} passed, {} failed, {} not for this system by their own word; of the whole suite "
               "{} skipped by skipped.txt, {} excluded by excluded.txt",
               suite.passed(), suite.failed(), suite.declined().size(), plan.skipped.size(),
               plan.excluded.size());
  return suite.failed() == 0 ? 0 : 1;
}

} // namespace
} // namespace skerry::libc

int main(int count, char** words) {
  CLI::App app("Runs the tests of an image, each in a machine of its own");
  skerry::libc::Options options;
  read_options(app, options);
  CLI11_PARSE(app, count, words);
  try {
    return skerry::libc::run(options);
  } catch (const std::exception& error) {
    std::println(stderr, "skerry: {}", error.what());
    return 1;
  }
}
