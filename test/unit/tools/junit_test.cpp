// SPDX-License-Identifier: Apache-2.0
// Tests of how the result of a test run is read.
#include "command/junit.hpp"
#include "failure.hpp"

#include <gtest/gtest.h>

namespace skerry::command {
namespace {

TEST(ParseJunit, CountsCasesByStatus) {
  const TestCounts counts = parse_junit(R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="Linux-clang++" tests="5" failures="1" disabled="1" skipped="1">
  <testcase name="One" classname="One" time="0.01" status="run">
    <system-out>prints &lt;testcase status="fail"&gt;</system-out>
  </testcase>
  <testcase name="Two.A&lt;int&gt;/&quot;x&quot;" classname="Two" time="0.01" status="fail">
    <failure message=""/>
  </testcase>
  <testcase name="Three" classname="Three" time="0" status="run"/>
  <testcase name="Four" classname="Four" time="0" status="notrun">
  <testcase name="Five" classname="Five" time="0" status="disabled">
</testsuite>)");
  EXPECT_EQ(counts.passed, 2U);
  EXPECT_EQ(counts.failed, 1U);
  EXPECT_EQ(counts.skipped, 2U);
  EXPECT_EQ(counts.failed_names, (std::vector<std::string>{"Two.A<int>/\"x\""}));
}

TEST(ParseJunit, TellsWhyATestWasSkipped) {
  const TestCounts counts = parse_junit(R"(<testsuite>
  <testcase name="Private.One" classname="Private.One" time="0.01" status="notrun">
    <skipped message="SKIP_REGULAR_EXPRESSION_MATCHED"/>
    <system-out>[ RUN      ] Private.One
/skerry/test/one.cpp:20: Skipped
no network namespace: &quot;denied&quot;

[  SKIPPED ] Private.One (0 ms)
</system-out>
  </testcase>
  <testcase name="Two" classname="Two" time="0" status="disabled"/>
  <testcase name="Three" classname="Three" time="0" status="notrun">
    <system-out>x.cpp:1: Skipped
another reason
</system-out>
  </testcase>
</testsuite>)");
  EXPECT_EQ(counts.skipped, 3U);
  EXPECT_EQ(counts.skipped_names,
            (std::vector<std::string>{"Private.One: no network namespace: \"denied\"", "Two",
                                      "Three: another reason"}));
  TestCounts sum;
  sum += counts;
  EXPECT_EQ(sum.skipped_names, counts.skipped_names);
}

TEST(ParseJunit, TakesNoFailureForSkipped) {
  const TestCounts counts = parse_junit(R"(<testsuite>
  <testcase name="Boots" classname="Boots" time="1" status="notrun">
    <skipped message="SKIP_REGULAR_EXPRESSION_MATCHED"/>
    <system-out>[ RUN      ] Boots
the console: [  SKIPPED ] Inner (0 ms)
[  FAILED  ] Boots (1 ms)
</system-out>
  </testcase>
  <testcase name="Other" classname="Other" time="0" status="notrun"/>
</testsuite>)");
  EXPECT_EQ(counts.failed_names, (std::vector<std::string>{"Boots"}));
  EXPECT_EQ(counts.failed, 1U);
  EXPECT_EQ(counts.skipped, 1U);
}

TEST(ParseJunit, RefusesStatusItDoesNotKnow) {
  EXPECT_EQ(test::failure_of([] { (void)parse_junit("<testcase name=\"a\" status=\"odd\"/>"); }),
            "ctest reports a test with the status \"odd\"");
}

TEST(ParseJunit, CountsNothingInEmptyReport) {
  const TestCounts counts = parse_junit("");
  EXPECT_EQ(counts.passed + counts.failed + counts.skipped, 0U);
}

} // namespace
} // namespace skerry::command
