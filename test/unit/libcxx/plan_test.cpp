// SPDX-License-Identifier: Apache-2.0
// Which tests of libc++ are run, turned away or excluded, and that no list can be wrong unnoticed.
#include "support/failure.hpp"
#include "support/file.hpp"
#include "test/libcxx/directives.hpp"
#include "test/libcxx/expression.hpp"
#include "test/libcxx/plan.hpp"

#include <gmock/gmock.h>
#include <set>

namespace skerry::libcxx {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

/// The value where only these names are true.
bool value(std::string_view text, const std::set<std::string>& names) {
  return evaluate(text, [&](const Word& word) { return names.contains(word.text); });
}

TEST(LibcxxExpression, KnowsLitsOperatorsAndTheirOrder) {
  EXPECT_TRUE(value("a", {"a"}));
  EXPECT_FALSE(value("!a", {"a"}));
  EXPECT_TRUE(value("a || b && c", {"a"}));
  EXPECT_FALSE(value("(a || b) && c", {"a"}));
  EXPECT_TRUE(value("!(a && b)", {"a"}));
  EXPECT_TRUE(value("target=x86_64-linux-musl", {"target=x86_64-linux-musl"}));
  EXPECT_TRUE(value("true && !false", {}));
}

TEST(LibcxxExpression, JoinsNamesAndPatterns) {
  Word seen;
  EXPECT_TRUE(evaluate("target={{.+}}-c++.x", [&](const Word& word) {
    seen = word;
    return true;
  }));
  EXPECT_EQ(seen.pattern, R"(target=(?:.+)-c\+\+\.x)");
  EXPECT_FALSE(seen.is_name);
}

TEST(LibcxxExpression, RefusesWhatIsNotWellFormed) {
  for (const char* text : {"", "a b", "a &&", "(a", "a)", "{{a", "!"})
    EXPECT_THROW(value(text, {}), Failure) << text;
}

TEST(LibcxxDirectives, AreReadUpToTheEnd) {
  const Directives directives = read_directives("// UNSUPPORTED: c++03, no-threads\n"
                                                "// REQUIRES: a || \\\n"
                                                "// REQUIRES: b\n"
                                                "// XFAIL: *\n"
                                                "// ADDITIONAL_COMPILE_FLAGS: -DA -DB\n"
                                                "// ADDITIONAL_COMPILE_FLAGS(gcc): -DC\n"
                                                "// FILE_DEPENDENCIES: one.dat, two.dat\n"
                                                "// ALLOW_RETRIES: 3\n"
                                                "// END.\n"
                                                "// UNSUPPORTED: linux\n");
  EXPECT_THAT(directives.unsupported, ElementsAre("c++03", "no-threads"));
  EXPECT_THAT(directives.required, ElementsAre("a || b"));
  EXPECT_THAT(directives.expected_fail, ElementsAre("*"));
  EXPECT_THAT(directives.flags,
              ElementsAre(std::pair("", "-DA"), std::pair("", "-DB"), std::pair("gcc", "-DC")));
  EXPECT_THAT(directives.files, ElementsAre("one.dat", "two.dat"));
  EXPECT_EQ(directives.retries, 3U);
}

TEST(LibcxxFeatures, MatchPatternsAndRefuseNamesWithoutAReason) {
  const Features features("linux | yes\nclang-19 | yes\n{{gcc(-.*)?}} | no, it is clang\n");
  EXPECT_TRUE(features.evaluate("{{clang-1.}}"));
  EXPECT_FALSE(features.evaluate("gcc-14 || gcc"));
  EXPECT_FALSE(features.evaluate("target={{.+}}-windows"));
  EXPECT_THAT([&] { return features.evaluate("linux || darwin"); },
              ThrowsMessage<Failure>(HasSubstr("no line for darwin")));
  EXPECT_THROW(Features("linux | perhaps"), Failure);
  EXPECT_THROW(Features("linux"), Failure);
}

class LibcxxPlan : public testing::Test {
protected:
  void SetUp() override {
    std::filesystem::create_directories(folder() / "std/thread");
    write("std/thread/one.pass.cpp", "// ADDITIONAL_COMPILE_FLAGS(linux): -DA");
    write("std/thread/two.pass.cpp", "// UNSUPPORTED: linux");
    write("std/thread/three.pass.cpp", "// XFAIL: linux");
    write("std/thread/three.compile.pass.cpp", "");
    write("folders.txt", "std/thread\n");
    write("features.txt", "linux | yes\n");
    write("excluded.txt", "");
  }

  void write(const std::string& name, std::string_view text) {
    replace_file(folder() / name, text);
  }
  [[nodiscard]] std::filesystem::path folder() const { return folder_.path(); }
  [[nodiscard]] Plan plan(bool only_excluded = false) const {
    return make_plan(folder(), folder(), only_excluded);
  }

private:
  TemporaryFolder folder_;
};

TEST_F(LibcxxPlan, RunsWhatIsForUs) {
  const Plan made = plan();
  ASSERT_EQ(made.tests.size(), 2U);
  EXPECT_EQ(made.tests[0].name, "std/thread/one.pass.cpp");
  EXPECT_THAT(made.tests[0].flags, ElementsAre("-DA"));
  EXPECT_TRUE(made.tests[1].expected_to_fail);
  EXPECT_THAT(made.off.at("UNSUPPORTED: linux"), ElementsAre("std/thread/two.pass.cpp"));
}

TEST_F(LibcxxPlan, LeavesOutWhatIsExcluded) {
  write("excluded.txt", "# why\nstd/thread/one.pass.cpp | there is no such thing\n");
  EXPECT_EQ(plan().tests.size(), 1U);
  ASSERT_EQ(plan(true).tests.size(), 1U);
  EXPECT_EQ(plan(true).tests[0].name, "std/thread/one.pass.cpp");
}

TEST_F(LibcxxPlan, RefusesExclusionsThatExcludeNothing) {
  for (const char* name : {"std/thread/none.pass.cpp", "std/thread/two.pass.cpp"}) {
    write("excluded.txt", std::string(name) + " | why\n");
    EXPECT_THAT([&] { return plan(); }, ThrowsMessage<Failure>(HasSubstr(name)));
  }
  write("excluded.txt", "std/thread/one.pass.cpp\n");
  EXPECT_THROW((void)plan(), Failure);
}

TEST_F(LibcxxPlan, RefusesFoldersWithoutTests) {
  write("folders.txt", "std/thread\nstd/missing\n");
  EXPECT_THAT([&] { return plan(); }, ThrowsMessage<Failure>(HasSubstr("std/missing")));
  std::filesystem::create_directories(folder() / "std/missing");
  EXPECT_THAT([&] { return plan(); }, ThrowsMessage<Failure>(HasSubstr("there are no tests")));
}

} // namespace
} // namespace skerry::libcxx
