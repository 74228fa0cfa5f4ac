// SPDX-License-Identifier: Apache-2.0
// Calls with absurd arguments (test/errors): an image answers as Linux did when the same program
// ran there, but for what differences.txt lists.
#include "machines.hpp"
#include "support/file.hpp"

#include <cstdio>
#include <gmock/gmock.h>
#include <map>
#include <regex>
#include <sstream>

namespace skerry::test {
namespace {

namespace fs = std::filesystem;

/// Lines "CALL WHICH: ANSWER", by what stands before the colon.
std::map<std::string, std::string> answers_in(const std::string& text) {
  std::map<std::string, std::string> answers;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (const std::size_t colon = line.rfind(": "); colon != std::string::npos)
      answers.emplace(line.substr(0, colon), line.substr(colon + 2));
  return answers;
}

struct Difference {
  std::string expression;
  bool was_seen = false;
};

std::vector<Difference> known_differences(const fs::path& file) {
  std::vector<Difference> known;
  std::istringstream lines(read_text(file));
  for (std::string line; std::getline(lines, line);)
    if (const std::size_t bar = line.find(" | "); bar != std::string::npos && line[0] != '#')
      known.push_back({.expression = line.substr(0, bar)});
  return known;
}

bool is_known(std::vector<Difference>& known, const std::string& row) {
  for (Difference& difference : known)
    if (std::regex_match(row, std::regex(difference.expression))) {
      difference.was_seen = true;
      return true;
    }
  return false;
}

TEST(Errors, AreThoseOfLinux) {
  const fs::path folder = fs::path(SOURCE_FOLDER) / "test/errors";
  const auto expected = answers_in(read_text(folder / "expected.txt"));
  auto known = known_differences(folder / "differences.txt");
  const Outcome outcome = boot(Way::q35, "errors", "quiet -- /tmp/errors");
  EXPECT_EQ(outcome.status, 0) << outcome;
  EXPECT_THAT(outcome, Shows("all calls were made\n"));
  const auto answers = answers_in(outcome.console);
  std::size_t different = 0;
  for (const auto& [row, answer] : expected) {
    const auto found = answers.find(row);
    ASSERT_NE(found, answers.end()) << row << " was not asked";
    if (found->second == answer)
      continue;
    ++different;
    EXPECT_TRUE(is_known(known, row))
        << row << ": " << found->second << ", where Linux answers " << answer;
  }
  for (const Difference& difference : known)
    EXPECT_TRUE(difference.was_seen) << difference.expression << " differs no longer";
  std::printf("%zu answers, %zu as on Linux\n", expected.size(), expected.size() - different);
  EXPECT_GT(expected.size(), 2000U);
  EXPECT_LT(different * 20, expected.size());
}

} // namespace
} // namespace skerry::test
