// SPDX-License-Identifier: Apache-2.0
// Redis' own tests against Redis in a guest. They are Tcl, come with its source and run here as a
// client; redis_skipped.txt names those that cannot work in a guest, each with its reason.
#include "private_network.hpp"
#include "redis_service.hpp"
#include "support/file.hpp"

#include <filesystem>
#include <format>
#include <gmock/gmock.h>
#include <span>
#include <sstream>

namespace skerry::test {
namespace {

namespace fs = std::filesystem;

class RedisSuite : public testing::Test {
protected:
  void SetUp() override {
    if (const std::string trouble = enter_private_network(); !trouble.empty())
      GTEST_SKIP() << trouble;
  }
};

/// Minutes: only under `skerry test --long`.
class LongRedisSuite : public RedisSuite {};

/// --skiptest NAME for each line `NAME | reason` of the list.
std::vector<std::string> skips() {
  std::vector<std::string> words;
  std::istringstream lines(read_text(fs::path(SOURCE_FOLDER) / "test/system/redis_skipped.txt"));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t bar = line.rfind(" | ");
    if (line.starts_with('#') || bar == std::string::npos)
      continue;
    words.insert(words.end(), {"--skiptest", line.substr(0, bar)});
  }
  return words;
}

/// How often `word` stands in a text.
std::size_t count(std::string_view text, std::string_view word) {
  std::size_t found = 0;
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + word.size()))
    ++found;
  return found;
}

/// The lines of a text that hold one of the words of trouble.
std::string complaints(const std::string& text) {
  std::string found;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (line.contains("[err]") || line.contains("[exception]") || line.contains("Expected"))
      found += line + "\n";
  return found;
}

/// What a suite found.
struct Counts {
  std::size_t passed = 0;
  std::size_t skipped = 0; ///< of the list
  std::size_t ignored = 0; ///< by their tags
};

/// Runs one unit from a copy of the suite, which writes into its folder, against a server of its
/// own: units leave their settings behind.
void run_unit(const fs::path& folder, const std::string& unit, Counts& counts) {
  const auto guest = serve_redis("--enable-debug-command yes");
  Command suite{.arguments = {(folder / "runtest").string(), "--host", redis_address, "--port",
                              "6379", "--tags", "-needs:repl -needs:save", "--clients", "1",
                              "--single", unit},
                .directory = folder,
                .environment = {{"TERM", "dumb"}},
                .output = Stream::pipe,
                .error = Stream::pipe};
  std::ranges::copy(skips(), std::back_inserter(suite.arguments));
  const Captured result = run_captured(suite, deadline_in(std::chrono::minutes(20)));
  const std::size_t passed = count(result.output, "[ok]: ");
  counts.passed += passed;
  counts.skipped += count(result.output, "[skip]: ");
  counts.ignored += count(result.output, "[ignore]: ");
  EXPECT_TRUE(result.status.success()) << unit << ": " << result.status.describe() << "\n"
                                       << complaints(result.output) << last_lines(result.output, 20)
                                       << result.error << last_lines(guest->console().text(), 20);
  EXPECT_THAT(result.output, testing::HasSubstr("All tests passed without errors")) << unit;
  EXPECT_GT(passed, 0U) << unit;
}

/// Prints how many tests ran.
void run_units(std::span<const char* const> units) {
  const TemporaryFolder folder;
  const fs::path source = image("redis").parent_path() / "source";
  fs::copy(source / "tests", folder.path() / "tests", fs::copy_options::recursive);
  fs::copy(source / "runtest", folder.path() / "runtest");
  fs::create_directory(folder.path() / "src");
  Counts counts;
  for (const char* unit : units)
    run_unit(folder.path(), unit, counts);
  std::printf("%zu tests of Redis passed, %zu of the list and %zu by their tags left out\n",
              counts.passed, counts.skipped, counts.ignored);
}

TEST_F(RedisSuite, PassesAShare) {
  constexpr std::array units{"unit/type/incr", "unit/keyspace", "unit/pubsub", "unit/multi"};
  run_units(units);
}

TEST_F(LongRedisSuite, PassesWhatNeedsNoSecondProcess) {
  constexpr std::array units{
      "unit/type/string", "unit/type/incr", "unit/type/hash", "unit/type/zset",
      "unit/type/list-2", "unit/type/list", "unit/type/set",  "unit/scan",
      "unit/keyspace",    "unit/pubsub",    "unit/multi",     "unit/bitops",
      "unit/bitfield",    "unit/sort",      "unit/scripting", "unit/geo",
      "unit/hyperloglog", "unit/slowlog",   "unit/protocol"};
  run_units(units);
}

} // namespace
} // namespace skerry::test
