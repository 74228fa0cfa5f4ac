// SPDX-License-Identifier: Apache-2.0
// An image boots in every way there is, gets its arguments and hands its status back.
#include "machines.hpp"

#include <format>
#include <gmock/gmock.h>
#include <regex>

namespace skerry::test {
namespace {

using testing::Not;

std::string name_of(const testing::TestParamInfo<Way>& info) {
  return std::string(name(info.param));
}

class EveryWay : public testing::TestWithParam<Way> {};
INSTANTIATE_TEST_SUITE_P(Boot, EveryWay, testing::ValuesIn(every_way), name_of);

TEST_P(EveryWay, BootsHello) {
  const Outcome outcome = boot(GetParam(), "hello");
  EXPECT_EQ(outcome.status, 0) << outcome;
  EXPECT_THAT(outcome, Shows("Hello from an image without an operating system below it.\n"
                             "skerry: exit status 0\n"));
}

TEST_P(EveryWay, HandsOverArgumentsAndStatus) {
  const Outcome outcome = boot(GetParam(), "arguments", "-- one two=2 --status 42 $HOME;x");
  EXPECT_EQ(outcome.status, 42) << outcome;
  EXPECT_THAT(outcome, Shows("argc=6\n"));
  EXPECT_THAT(outcome, Shows("argv[1]=<one>\n"
                             "argv[2]=<two=2>\n"
                             "argv[3]=<--status>\n"
                             "argv[4]=<42>\n"
                             "argv[5]=<$HOME;x>\n"
                             "argv[argc] is null\n"));
}

TEST_P(EveryWay, PassesTheBootTests) {
  const Outcome outcome = boot(GetParam(), "boot_tests", "-- --gtest_color=no");
  EXPECT_EQ(outcome.status, 0) << outcome;
  EXPECT_THAT(outcome, Shows("[  PASSED  ]"));
}

class DirectWay : public testing::TestWithParam<Way> {};
INSTANTIATE_TEST_SUITE_P(Boot, DirectWay, testing::ValuesIn(direct_ways), name_of);

TEST_P(DirectWay, RunsTheExampleOfThreads) {
  const Outcome outcome = boot(GetParam(), "threads", "-- 20000");
  EXPECT_EQ(outcome.status, 0) << outcome;
  for (int part = 0; part < 8; ++part)
    EXPECT_THAT(outcome, Shows(std::format("part {}: ", part)));
  EXPECT_THAT(outcome, Shows(" primes, 8 of 8 parts done\n2262 primes below 20000\n"));
}

TEST_P(DirectWay, KeepsBlanksInQuotes) {
  const Outcome outcome = boot(GetParam(), "arguments", R"(quiet -- "two words" "" a"b c"d last)");
  EXPECT_EQ(outcome.status, 0) << outcome;
  EXPECT_THAT(outcome, Shows("argc=5\n"));
  EXPECT_THAT(outcome, Shows("argv[1]=<two words>\n"
                             "argv[2]=<>\n"
                             "argv[3]=<ab cd>\n"
                             "argv[4]=<last>\n"));
}

TEST(ServiceArguments, HoldNoneOfTheWordsThatMicrovmAppends) {
  const Outcome outcome = boot(Way::microvm, "arguments", "-- first", [](vm::Machine& machine) {
    machine.network = vm::UserNetwork{.forwards = {}, .restricted = true};
    machine.extra_arguments = {"-device", "virtio-net-device", "-device", "virtio-rng-device"};
  });
  EXPECT_EQ(outcome.status, 0) << outcome;
  EXPECT_THAT(outcome, Shows("argc=2\n"));
  EXPECT_THAT(outcome, Not(Shows("virtio_mmio")));
}

TEST(ServiceArguments, AreAbsentWithoutTheSeparator) {
  const Outcome outcome = boot(Way::microvm, "arguments", "quiet");
  EXPECT_EQ(outcome.status, 0) << outcome;
  EXPECT_THAT(outcome, Shows("argc=1\n"));
}

TEST(Status, IsMainsOwnInFull) {
  for (const int status : {0, 3, 127, 200, 255}) {
    const Outcome outcome = boot(Way::microvm, "arguments", std::format("-- --status {}", status));
    EXPECT_EQ(outcome.status, status) << outcome;
    EXPECT_TRUE(outcome.console.ends_with(std::format("skerry: exit status {}\n", status)))
        << outcome;
  }
}

TEST(Status, IsTheMainThreadsThoughAnotherEndsLast) {
  const Outcome outcome = boot(Way::microvm, "last_thread");
  EXPECT_EQ(outcome.status, 3) << outcome;
}

TEST(KernelArgument, QuietSilencesAllButMain) {
  const Outcome outcome = boot(Way::microvm, "hello", "quiet");
  EXPECT_EQ(outcome.console, "Hello from an image without an operating system below it.\n"
                             "skerry: exit status 0\n");
}

TEST(KernelArgument, TraceShowsEachCallWithItsAnswer) {
  const Outcome outcome = boot(Way::microvm, "hello", "trace");
  EXPECT_EQ(outcome.status, 0) << outcome;
  EXPECT_THAT(outcome, Shows("writev(0x1, "));
}

MATCHER_P(ShowsLine, expression, "shows a line that matches \"" + std::string(expression) + "\"") {
  return std::regex_search(arg.console, std::regex(" trace: " + std::string(expression) + "\n"));
}

TEST(KernelArgument, TraceShowsEveryKindOfCall) {
  const Outcome outcome = boot(Way::microvm, "traced", "trace");
  EXPECT_EQ(outcome.status, 7) << outcome;
  constexpr std::array lines{
      R"(lseek\(0xffffffffffffffff, 0x1234, 0x2\) = -1 EBADF)",
      R"(getpid\(\) = 2)",
      R"(mmap\(0x0, 0x3000, 0x0, 0x22, 0xffffffffffffffff, 0x0\) = [0-9]+)",
      R"(fork\((0x[0-9a-f]+, ){5}0x[0-9a-f]+\) = -1 ENOSYS)",
      R"(system call 700\(0x1, 0x2, 0x3, 0x4, 0x5, 0x6\) = -1 ENOSYS)",
      R"(clone\((0x[0-9a-f]+, ){6}0x[0-9a-f]+\) = [0-9]+)",
      R"(exit\(0x0\) = \?)",
      R"(munmap_and_exit\(0x[0-9a-f]+, 0x[0-9a-f]+\) = 0)",
      R"(exit_group\(0x7\) = \?)",
  };
  for (const std::string_view line : lines)
    EXPECT_THAT(outcome, ShowsLine(line)) << outcome;
}

struct WrongArgument {
  std::string_view command_line;
  std::string_view complaint;
};

TEST(KernelArgument, ThatIsWrongIsNamedAndNothingRuns) {
  constexpr std::array cases{
      WrongArgument{"bogus", "skerry: kernel argument \"bogus\" is not known; expected "},
      WrongArgument{"quiet log=loud -- x",
                    "skerry: kernel argument \"log=loud\" has a value that is not possible; "
                    "expected error, warning, info or debug\n"},
      WrongArgument{"quiet=1", "skerry: kernel argument \"quiet=1\" is not known; expected "},
      WrongArgument{"\"two words\"", "skerry: kernel argument \"two words\" is not known"},
  };
  for (const auto& [command_line, complaint] : cases) {
    const Outcome outcome = boot(Way::microvm, "hello", std::string(command_line));
    EXPECT_EQ(outcome.status, 2) << outcome;
    EXPECT_THAT(outcome, Shows(complaint));
    EXPECT_THAT(outcome, Not(Shows("Hello")));
    EXPECT_TRUE(outcome.console.ends_with("skerry: exit status 2\n")) << outcome;
  }
}

TEST(CanaryOfTheProgram, ComesFromADeviceWhereTheProcessorHasNoRandomness) {
  const Outcome outcome = boot(Way::q35, "boot_tests", "quiet -- --gtest_filter=AuxiliaryVector.*",
                               [](vm::Machine& machine) { machine.cpu_model = "max,-rdrand"; });
  EXPECT_EQ(outcome.status, 0) << outcome;
  EXPECT_THAT(outcome, Shows("[  PASSED  ] 4 tests."));
}

} // namespace
} // namespace skerry::test
