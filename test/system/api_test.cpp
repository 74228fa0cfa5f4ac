// SPDX-License-Identifier: Apache-2.0
// What a service learns by <skerry/…>, and its hook before a panic.
#include "machines.hpp"

#include <gmock/gmock.h>
#include <regex>

namespace skerry::test {
namespace {

using testing::HasSubstr;
using testing::Not;

void give_network(vm::Machine& machine) {
  machine.network = vm::UserNetwork{};
}

/// The counter's value; -1 without it.
long long counter(const std::string& console, const std::string& name) {
  std::smatch found;
  const bool there = std::regex_search(console, found, std::regex("counter " + name + " (\\d+)"));
  return there ? std::stoll(found[1]) : -1;
}

class Api : public testing::TestWithParam<Way> {};

TEST_P(Api, TellsNetworkAndCounters) {
  const Outcome outcome = boot(GetParam(), "report", "log=warning", give_network);
  EXPECT_EQ(outcome.status, 7) << outcome;
  EXPECT_THAT(outcome, Shows("version 0.1.0\nuptime is positive: true\nup: true\n"));
  EXPECT_THAT(outcome, Shows("link true, MTU 1500\naddress 10.0.2.15/24\n"));
  const std::string& console = outcome.console;
  EXPECT_GT(counter(console, "memory.free_bytes"), 1 << 20);
  EXPECT_GT(counter(console, "memory.total_bytes"), counter(console, "memory.free_bytes"));
  EXPECT_GE(counter(console, "threads.live"), 2);
  EXPECT_GE(counter(console, "threads.switches"), 1);
  EXPECT_GE(counter(console, "interrupts"), 1);
  EXPECT_GE(counter(console, "network.en2.received_packets"), 2);
  EXPECT_GE(counter(console, "network.en2.transmitted_bytes"), 500);
  EXPECT_EQ(counter(console, "network.en2.dropped.malformed"), 0);
  EXPECT_GE(counter(console, "network.udp.received_packets"), 2);
}

INSTANTIATE_TEST_SUITE_P(Ways, Api, testing::ValuesIn(every_way),
                         [](const auto& way) { return std::string(name(way.param)); });

TEST(ImageOptionsOfAnImage, GiveItItsAddress) {
  const Outcome outcome = boot(Way::q35, "addressed", "log=warning", give_network);
  EXPECT_THAT(outcome, Shows("address 10.0.2.99/24\n"));
  const Outcome changed = boot(Way::q35, "addressed", "log=warning ip=10.0.2.98/24", give_network);
  EXPECT_THAT(changed, Shows("address 10.0.2.98/24\n"));
}

TEST(ApiWithoutNetwork, SaysSo) {
  const Outcome outcome = boot(Way::q35, "report", "log=warning");
  EXPECT_EQ(outcome.status, 7) << outcome;
  EXPECT_THAT(outcome, Shows("up: false\ncounter memory"));
}

TEST(ApiPanicHook, GetsTheReportAndNoCalls) {
  const Outcome outcome = boot(Way::q35, "report", "-- fault");
  EXPECT_EQ(outcome.status, 134) << outcome;
  EXPECT_THAT(outcome, Shows("hook: read, calls are closed\nskerry: exit status 134 (panic)\n"));
}

TEST(ApiPanicHook, MayEndTheRun) {
  const Outcome outcome = boot(Way::q35, "report", "-- end");
  EXPECT_EQ(outcome.status, 9) << outcome;
  EXPECT_THAT(outcome, Shows("hook: ends the run\nskerry: exit status 9\n"));
}

TEST(ApiPanicHook, MayFail) {
  const Outcome outcome = boot(Way::q35, "report", "-- hook");
  EXPECT_EQ(outcome.status, 134) << outcome;
}

TEST(ApiPanicHook, IsNotForOrderlyEnds) {
  const Outcome outcome = boot(Way::q35, "report", "-- reboot");
  EXPECT_THAT(outcome, Shows("skerry: restart (reboot())\n"));
  EXPECT_THAT(outcome.console, Not(HasSubstr("hook:")));
}

} // namespace
} // namespace skerry::test
