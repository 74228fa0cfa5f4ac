// SPDX-License-Identifier: Apache-2.0
// `skerry test`; see the header.
#include "command/test.hpp"

#include "command/configure.hpp"
#include "command/junit.hpp"
#include "command/packages.hpp"
#include "command/sdk.hpp"
#include "support/failure.hpp"
#include "support/file.hpp"
#include "support/folder_lock.hpp"
#include "support/step.hpp"

#include <format>
#include <print>
#include <string>
#include <thread>

namespace skerry::command {
namespace {

using Words = std::vector<std::string>;

/// Which tests: by their labels and the user's filter. Tests with the label boot, system or long
/// start images; long ones take minutes. A test has one label: ctest's discovery of GoogleTest's
/// tests takes no list.
Words selection(const TestOptions& options, bool of_images) {
  Words words{"--label-exclude", "^(boot|system|long)$"};
  if (of_images)
    words = {"--label-regex", options.with_long ? "^(boot|system|long)$" : "^(boot|system)$"};
  if (!options.filter.empty())
    words.insert(words.end(), {"--tests-regex", options.filter});
  return words;
}

Command ctest(const Layout& layout, const Words& words) {
  Command command{.arguments = {"ctest", "--test-dir", layout.host_build().string()}};
  command.arguments.insert(command.arguments.end(), words.begin(), words.end());
  return command;
}

bool any_selected(const Layout& layout, const Words& selected) {
  Command list = ctest(layout, selected);
  list.arguments.emplace_back("--show-only");
  list.output = list.error = Stream::pipe;
  const Captured listed = run_captured(list, no_deadline);
  if (!listed.status.success())
    throw Failure("ctest cannot list the tests: {}", last_lines(listed.error, 1));
  return !listed.output.contains("Total Tests: 0\n");
}

TestCounts run_tests(const Layout& layout, std::string_view title, const Words& selected,
                     const std::filesystem::path& log, const std::string& sdk) {
  const auto report = layout.host_build() / "test-report.xml";
  std::filesystem::remove(report);
  Command run = ctest(layout, selected);
  run.arguments.insert(run.arguments.end(),
                       {"--output-on-failure", "--no-tests=ignore", "--output-junit",
                        report.string(), "--parallel",
                        std::to_string(std::max(1U, std::thread::hardware_concurrency()))});
  run.environment = {{"SKERRY_SDK", sdk}};
  start_log(log);
  const ProcessStatus status = run_logged(title, std::move(run), log);
  const TestCounts counts =
      std::filesystem::exists(report) ? parse_junit(read_text(report)) : TestCounts{};
  for (const std::string& name : counts.failed_names)
    std::println(stderr, "    failed: {}", name);
  if (counts.failed != 0)
    std::println(stderr, "    what they wrote is in {}", log.string());
  if (!status.success() && counts.failed == 0)
    throw Failure("{}: ctest ended with {}; the whole log is {}", title, status.describe(),
                  log.string());
  return counts;
}

TestCounts run_all(const Layout& layout, const TestOptions& options) {
  require_packages(Purpose::build);
  require_packages(Purpose::test);
  const BuildFolder folder{.title = "tools and tests",
                           .source = layout.root,
                           .build = layout.host_build(),
                           .arguments = {"-DCMAKE_C_COMPILER=clang-19",
                                         "-DCMAKE_CXX_COMPILER=clang++-19",
                                         "-DSKERRY_SYSROOT=" + make_sysroot(layout).string()},
                           .log = layout.log("host")};
  const FolderLock lock(folder.build);
  start_log(folder.log);
  configure(folder);
  build(folder, {});

  TestCounts counts;
  if (const Words selected = selection(options, false); any_selected(layout, selected))
    counts += run_tests(layout, "unit tests", selected, layout.log("test-unit"), "");
  if (const Words selected = selection(options, true); any_selected(layout, selected)) {
    const std::string sdk = make_sdk(layout);
    counts += run_tests(layout, "tests of images", selected, layout.log("test-images"), sdk);
  }
  return counts;
}

} // namespace

int test(const TestOptions& options) {
  const TestCounts counts = run_all(require_source_tree(), options);
  for (const std::string& name : counts.skipped_names)
    std::println(stderr, "    skipped: {}", name);
  std::println("{} passed, {} failed{}", counts.passed, counts.failed,
               counts.skipped != 0 ? std::format(", {} skipped", counts.skipped) : "");
  const bool too_many_skips = counts.skipped != 0 && !options.allow_skips;
  if (too_many_skips)
    std::println(stderr, "skerry: {} tests were skipped; expected none (--allow-skips takes that)",
                 counts.skipped);
  return counts.failed == 0 && counts.passed != 0 && !too_many_skips ? 0 : 1;
}

} // namespace skerry::command
