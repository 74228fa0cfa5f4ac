// SPDX-License-Identifier: Apache-2.0
// The check of includes, on trees that exist only here.
#include "cmake/checks/floors.hpp"

#include <gtest/gtest.h>
#include <set>
#include <stdexcept>

namespace skerry::checks {
namespace {

const std::set<std::string>& tree() {
  static const std::set<std::string> files = {
      "include/core/log.hpp", "include/kernel/boot.hpp", "include/kernel/thread.hpp",
      "platform/pc/pc.hpp",   "platform/pc/console.cpp", "drivers/serial/uart.hpp",
  };
  return files;
}

constexpr std::string_view table = R"(# a comment
include/core/: include/core/
platform/: include/core/    # and one behind a rule
  include/kernel/boot.hpp platform/
platform/pc/console.cpp: + drivers/
src/crt/:
)";

std::vector<Violation> check(std::string path, std::vector<std::string> lines) {
  return check_floors({.path = std::move(path), .lines = std::move(lines)},
                      parse_floor_rules(table),
                      [](const std::string& name) { return tree().contains(name); });
}

std::string only_rule(const std::vector<Violation>& violations) {
  return violations.size() == 1 ? violations.front().rule : "not one violation";
}

TEST(CheckFloors, AllowsWhatTheTableAllows) {
  EXPECT_TRUE(
      check("platform/pc/a.cpp", {"#include \"platform/pc/pc.hpp\"", "", "#include <core/log.hpp>",
                                  "  #  include <vector>", "#include <kernel/boot.hpp>"})
          .empty());
}

TEST(CheckFloors, NamesFileLineAndRuleOfAnIncludeThatIsNotAllowed) {
  const auto found = check("platform/pc/a.cpp", {"// kernel", "#include <kernel/thread.hpp>"});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0], (Violation{"platform/pc/a.cpp", 2,
                                 "platform/ may not include include/kernel/thread.hpp"}));
}

TEST(CheckFloors, TakesTheRuleWithTheLongestFolder) {
  EXPECT_TRUE(check("platform/pc/console.cpp", {"#include \"drivers/serial/uart.hpp\""}).empty());
  EXPECT_TRUE(check("platform/pc/console.cpp", {"#include <core/log.hpp>"}).empty());
  EXPECT_EQ(check("platform/pc/a.cpp", {"#include \"drivers/serial/uart.hpp\""}).size(), 1U);
}

TEST(CheckFloors, ResolvesIncludesBesideTheFileAndAbove) {
  EXPECT_TRUE(check("platform/pc/a.cpp", {"#include \"pc.hpp\""}).empty());
  EXPECT_EQ(only_rule(check("include/core/a.hpp", {"#include \"../kernel/boot.hpp\""})),
            "include/core/ may not include include/kernel/boot.hpp");
}

TEST(CheckFloors, SeesAnIncludeInQuotesThatShouldBeInBrackets) {
  EXPECT_EQ(check("include/core/a.hpp", {"#include \"kernel/boot.hpp\""}).size(), 1U);
}

TEST(CheckFloors, ReportsQuotesAroundWhatIsNotInTheTree) {
  EXPECT_EQ(only_rule(check("platform/a.cpp", {"#include \"vector\""})),
            "\"vector\" is no file of the tree");
}

TEST(CheckFloors, ReportsAFolderWithoutARule) {
  EXPECT_EQ(only_rule(check("src/new/a.cpp", {"#include <core/log.hpp>"})),
            "includes include/core/log.hpp, but no rule is for this folder");
}

TEST(CheckFloors, AllowsNothingWhereARuleIsEmpty) {
  EXPECT_TRUE(check("src/crt/start.cpp", {"#include <stddef.h>"}).empty());
  EXPECT_EQ(check("src/crt/start.cpp", {"#include <core/log.hpp>"}).size(), 1U);
}

TEST(CheckFloors, PassesOverLinesThatOnlyLookLikeIncludes) {
  EXPECT_TRUE(check("src/crt/a.cpp", {"// #include <core/log.hpp>", "#include SOME_MACRO",
                                      "include <core/log.hpp>", "#", "#include"})
                  .empty());
}

TEST(CheckFloors, RefusesATableThatIsNotOne) {
  EXPECT_THROW((void)parse_floor_rules("platform include/core"), std::runtime_error);
  EXPECT_THROW((void)parse_floor_rules("  include/core"), std::runtime_error);
  EXPECT_THROW((void)parse_floor_rules("platform/: +"), std::runtime_error);
}

} // namespace
} // namespace skerry::checks
