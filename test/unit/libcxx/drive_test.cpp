// SPDX-License-Identifier: Apache-2.0
// What a boot's console says of the tests in it, above all of the one that ended the machine.
#include "test/libcxx/drive.hpp"

#include <gmock/gmock.h>

namespace skerry::libcxx {
namespace {

using testing::HasSubstr;

TEST(LibcxxConsole, TellsPassedFromFailed) {
  std::vector<Outcome> outcomes(2);
  EXPECT_EQ(read_console("boot\n@test run 0\nnoise\n@test passed 0\n@test run 1\nwords\n"
                         "@test failed 1 3\nskerry: exit status 0\n",
                         "", 0, outcomes),
            2U);
  EXPECT_TRUE(outcomes[0].passed);
  EXPECT_FALSE(outcomes[1].passed);
  EXPECT_THAT(outcomes[1].trouble, testing::AllOf(HasSubstr("returned 3"), HasSubstr("words")));
  EXPECT_THAT(outcomes[1].trouble, testing::Not(HasSubstr("noise")));
}

TEST(LibcxxConsole, BlamesTheTestThatEndedTheMachine) {
  std::vector<Outcome> outcomes(3);
  EXPECT_EQ(read_console("@test run 0\n@test passed 0\n@test run 1\nAssertion failed\n",
                         "exit status 134", 0, outcomes),
            2U);
  EXPECT_TRUE(outcomes[0].passed);
  EXPECT_FALSE(outcomes[1].passed);
  EXPECT_THAT(outcomes[1].trouble, HasSubstr("exit status 134\nAssertion failed"));
  EXPECT_EQ(read_console("@test run 2\n@test passed 2\n", "", 2, outcomes), 3U);
  EXPECT_TRUE(outcomes[2].passed);
}

TEST(LibcxxConsole, TakesAnEndWithStatusNoughtInATestForAPass) {
  std::vector<Outcome> outcomes(2);
  EXPECT_EQ(read_console("@test run 0\nskerry: exit status 0\n", "", 0, outcomes), 1U);
  EXPECT_TRUE(outcomes[0].passed);
}

TEST(LibcxxConsole, GoesOnWhenAnImageDoesNotEvenStart) {
  std::vector<Outcome> outcomes(2);
  EXPECT_EQ(read_console("no memory\n", "exit status 1", 0, outcomes), 1U);
  EXPECT_FALSE(outcomes[0].passed);
  EXPECT_THAT(outcomes[0].trouble, HasSubstr("no memory"));
  EXPECT_FALSE(outcomes[1].passed);
}

TEST(LibcxxConsole, FailsTestsOfWhichAnEndedMachineSaysNothing) {
  std::vector<Outcome> outcomes(3);
  const std::string console = "@test run 0\n@test passed 0\n";
  EXPECT_EQ(read_console(console, "exit status 125", 0, outcomes), 1U);
  EXPECT_EQ(read_console("", "exit status 125", 1, outcomes), 2U);
  EXPECT_FALSE(outcomes[1].passed);
  EXPECT_THAT(outcomes[1].trouble, HasSubstr("did not run it: exit status 125"));
}

} // namespace
} // namespace skerry::libcxx
