// SPDX-License-Identifier: Apache-2.0
// A service that does wrong ends with a report that says what it did, where and in which thread.
#include "machines.hpp"

#include <gmock/gmock.h>
#include <vector>

namespace skerry::test {
namespace {

using testing::Not;

struct Fault {
  std::string_view kind;            ///< as test/images/faults calls it
  std::vector<std::string> telling; ///< what the report says
  std::string_view function;        ///< whose name it holds
};

std::ostream& operator<<(std::ostream& out, const Fault& fault) {
  return out << fault.kind;
}

const std::vector<Fault>& faults() {
  static const std::vector<Fault> faults{
      {"write-code", {"write to code", "give_up"}, "write_to_code"},
      {"write-rodata", {"write to read-only data"}, "write_to_constant"},
      {"null-read", {"read of a null pointer"}, "read_from_null"},
      {"null-write", {"write to a null pointer"}, "write_to_null"},
      {"null-plus-offset", {"read of a null pointer", "0x8000"}, "read_member_of_null"},
      {"unmapped", {"read of unmapped memory", "0x123456789000"}, "read_unmapped_memory"},
      {"no-memory",
       {"no memory is left for a page that the application touched; give the machine more",
        "write to memory for which there is no page"},
       "touch_more_than_there_is"},
      {"null-call", {"execution of a null pointer"}, "call_null"},
      {"execute-heap", {"execution of data"}, "call_heap"},
      {"execute-stack", {"execution of data"}, "call_stack"},
      {"execute-data", {"execution of data"}, "call_static_data"},
      {"divide", {"division error"}, "divide_by_zero"},
      {"invalid-instruction", {"invalid instruction"}, "run_invalid_instruction"},
      {"stack-overflow", {"stack overflow"}, "depth_of_recursion"},
      {"smashed-stack", {"invalid instruction"}, "overwrite_return_address"},
      {"exception",
       {"uncaught exception of type std::runtime_error: nobody catches this"},
       "throw_without_handler"},
      {"abort", {}, "give_up"},
      {"assert", {"Assertion failed: one == 2"}, "assert_what_is_false"},
  };
  return faults;
}

void expect_report(Way way, const Fault& fault) {
  const Outcome outcome = boot(way, "faults", "-- " + std::string(fault.kind));
  EXPECT_EQ(outcome.status, 134) << outcome;
  for (const std::string& words : fault.telling)
    EXPECT_THAT(outcome, Shows(words));
  EXPECT_THAT(outcome, Shows("in thread \"main\""));
  EXPECT_THAT(outcome, Shows(fault.function));
  EXPECT_THAT(outcome, Not(Shows("survived ")));
  const bool is_last = outcome.console.ends_with("skerry: exit status 134 (panic)\n") ||
                       outcome.console.ends_with("skerry: exit status 134 (SIGABRT)\n");
  EXPECT_TRUE(is_last) << outcome;
}

class ReportOf : public testing::TestWithParam<Fault> {};
INSTANTIATE_TEST_SUITE_P(Fault, ReportOf, testing::ValuesIn(faults()),
                         [](const auto& info) { return std::string(info.param.function); });

TEST_P(ReportOf, SaysWhatWasDoneAndWhere) {
  expect_report(Way::microvm, GetParam());
}

class ReportOn : public testing::TestWithParam<Way> {};
INSTANTIATE_TEST_SUITE_P(Way, ReportOn, testing::Values(Way::pc, Way::q35, Way::cd_uefi),
                         [](const auto& info) { return std::string(name(info.param)); });

TEST_P(ReportOn, SaysTheSameOnOtherMachines) {
  for (const Fault& fault : faults())
    if (fault.kind == "write-code" || fault.kind == "null-call" || fault.kind == "stack-overflow")
      expect_report(GetParam(), fault);
}

} // namespace
} // namespace skerry::test
