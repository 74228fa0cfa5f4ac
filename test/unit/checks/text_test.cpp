// SPDX-License-Identifier: Apache-2.0
// The check of texts. Words that it forbids are taken apart here too.
#include "cmake/checks/text.hpp"

#include <gtest/gtest.h>

namespace skerry::checks {
namespace {

const std::string licence = "// SPDX-License-Identifier: Apache-2.0";

std::vector<Violation> check(std::string path, std::vector<std::string> lines) {
  return check_text({.path = std::move(path), .lines = std::move(lines)});
}

/// Checks one line of a file that is right otherwise.
bool is_accepted(std::string line, std::string path = "src/kernel/a.cpp") {
  return check(std::move(path), {licence, std::move(line)}).empty();
}

TEST(CheckText, WantsALicenceLineInSources) {
  EXPECT_TRUE(check("src/a.cpp", {licence}).empty());
  EXPECT_TRUE(check("README.md", {"# Skerry"}).empty());
  for (const char* path :
       {"src/a.cpp", "a/CMakeLists.txt", "x.cmake", "x.S", ".ci/run", "skerry"}) {
    EXPECT_EQ(check(path, {"text"}).size(), 1U) << path;
  }
}

TEST(CheckText, WantsHeadersToBeIncludedOnce) {
  EXPECT_TRUE(check("include/a.hpp", {licence, "#pragma once"}).empty());
  EXPECT_EQ(check("include/a.hpp", {licence}).size(), 1U);
}

TEST(CheckText, RefusesLongFiles) {
  std::vector<std::string> lines(400, "x");
  lines[0] = licence;
  EXPECT_TRUE(check("src/a.cpp", lines).empty());
  lines.emplace_back("x");
  ASSERT_EQ(check("src/a.cpp", lines).size(), 1U);
  EXPECT_EQ(check("src/a.cpp", lines)[0].rule, "has 401 lines; expected 400 at most");
}

TEST(CheckText, RefusesWorkThatIsPutOff) {
  EXPECT_FALSE(is_accepted("// TO"
                           "DO: later"));
  EXPECT_FALSE(is_accepted("FIX"
                           "ME"));
  EXPECT_TRUE(is_accepted("// "
                          "TO"
                          "DOS and "
                          "mas"
                          "TO"
                          "DON"));
}

TEST(CheckText, RefusesPathsOfSomebodysMachine) {
  EXPECT_FALSE(is_accepted("see /ho"
                           "me/somebody/x"));
  EXPECT_FALSE(is_accepted("/ro"
                           "ot/x"));
  EXPECT_FALSE(is_accepted("\"/wo"
                           "rk/x\""));
  EXPECT_TRUE(is_accepted("build/wo"
                          "rk/x ${WORK}/wo"
                          "rk/x"));
}

TEST(CheckText, RefusesBlanksAtLineEnds) {
  EXPECT_FALSE(is_accepted("x "));
  EXPECT_FALSE(is_accepted("x\r"));
  EXPECT_TRUE(is_accepted(""));
}

TEST(CheckText, RefusesConditionsWherePlatformsDoNotMeet) {
  EXPECT_FALSE(is_accepted("#ifdef X"));
  EXPECT_FALSE(is_accepted("  #  if X"));
  EXPECT_TRUE(is_accepted("#define if_x"));
  EXPECT_TRUE(is_accepted("// #if X"));
  EXPECT_TRUE(is_accepted("#if X", "platform/x86_64/a.cpp"));
  EXPECT_TRUE(is_accepted("#if X", "cmake/a.cmake"));
}

TEST(CheckText, LeavesTheTextsOfOthersAlone) {
  EXPECT_TRUE(check("LICENSE", {"at line end "}).empty());
  EXPECT_TRUE(check("cmake/x.patch", {"- TO"
                                      "DO "})
                  .empty());
}

TEST(CheckText, SplitsLinesWithAndWithoutALastEnd) {
  using Lines = std::vector<std::string>;
  EXPECT_EQ(split_lines(""), Lines());
  EXPECT_EQ(split_lines("a"), Lines{"a"});
  EXPECT_EQ(split_lines("a\n\nb\n"), (Lines{"a", "", "b"}));
}

} // namespace
} // namespace skerry::checks
