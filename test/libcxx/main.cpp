// SPDX-License-Identifier: Apache-2.0
// Runs libc++'s own tests in images, all of them or a share; see README.md.
#include "support/failure.hpp"
#include "support/file.hpp"
#include "support/folder_lock.hpp"
#include "test/libcxx/suite.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <print>
#include <thread>

namespace skerry::libcxx {
namespace {

constexpr std::size_t least_tests = 1000;
constexpr double most_excluded_percent = 5;

struct Options {
  Places places;
  std::filesystem::path lists;
  std::size_t every = 1;
  unsigned threads = std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::string> names;
  bool excluded = false; ///< run these, and nothing else
};

void read_options(CLI::App& app, Options& options) {
  app.add_option("--sdk", options.places.sdk, "The SDK's folder")->required();
  app.add_option("--source", options.places.source, "test/libcxx/test of LLVM's source")
      ->required();
  app.add_option("--lists", options.lists, "This folder: lists, and what goes into images")
      ->required();
  app.add_option("--build", options.places.build, "Where objects and images go")->required();
  app.add_option("--every", options.every, "Only each so many'th test");
  app.add_option("--threads", options.threads, "How many images are made and run at once");
  app.add_option("--test", options.names, "Only tests of which the names hold this; repeatable");
  app.add_flag("--excluded", options.excluded, "Only the excluded tests");
}

/// What has to hold of the plan as a whole, whatever share of it is run.
void check(const Plan& plan) {
  const std::size_t all = plan.tests.size() + plan.excluded.size();
  const double percent =
      100.0 * static_cast<double>(plan.excluded.size()) / static_cast<double>(all);
  std::println("libc++: {} tests in all, {} excluded of them ({:.1f} %)", all, plan.excluded.size(),
               percent);
  if (plan.tests.size() < least_tests)
    throw Failure("only {} tests of libc++ would run; expected {} at least", plan.tests.size(),
                  least_tests);
  if (percent >= most_excluded_percent)
    throw Failure("{:.1f} % of libc++'s tests are excluded; expected less than {} %", percent,
                  most_excluded_percent);
}

std::vector<Test> choose(const Options& options, const Plan& plan) {
  std::vector<Test> chosen;
  for (std::size_t index = 0; index < plan.tests.size(); ++index) {
    const Test& test = plan.tests[index];
    const auto named = [&](const std::string& part) { return test.name.contains(part); };
    if (index % options.every == 0 &&
        (options.names.empty() || std::ranges::any_of(options.names, named)))
      chosen.push_back(test);
  }
  if (chosen.empty())
    throw Failure("no test of libc++ has such a name");
  return chosen;
}

void print_plan(const Plan& plan) {
  for (const auto& [why, names] : plan.off)
    std::println("skipped {:4} {}", names.size(), why);
  for (const auto& [name, reason] : plan.excluded)
    std::println("excluded {}: {}", name, reason);
}

int run(Options options) {
  options.places.guest = options.lists / "guest";
  const FolderLock lock(options.places.build);
  const Plan plan = make_plan(options.places.source, options.lists, options.excluded);
  print_plan(plan);
  if (!options.excluded)
    check(plan);
  const std::vector<Test> tests = choose(options, plan);
  const Builder builder(options.places);
  Suite suite(builder, tests);
  suite.run(options.threads);

  std::size_t skipped = 0;
  for (const auto& [why, names] : plan.off)
    skipped += names.size();
  std::println(
      "libc++: {} run: {} passed, {} failed; of the whole suite {} skipped by their own words "
      "and features.txt, {} excluded by excluded.txt",
      tests.size(), suite.passed(), suite.failed().size(), skipped, plan.excluded.size());
  return suite.failed().empty() ? 0 : 1;
}

} // namespace
} // namespace skerry::libcxx

int main(int count, char** words) {
  CLI::App app("Runs libc++'s own tests in images");
  skerry::libcxx::Options options;
  read_options(app, options);
  CLI11_PARSE(app, count, words);
  try {
    return skerry::libcxx::run(std::move(options));
  } catch (const std::exception& error) {
    std::println(stderr, "skerry: {}", error.what());
    return 1;
  }
}
