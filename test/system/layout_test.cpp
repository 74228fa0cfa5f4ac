// SPDX-License-Identifier: Apache-2.0
// Where an image lies in memory is new in each boot.
#include "machines.hpp"

#include <charconv>
#include <cstdint>
#include <gmock/gmock.h>
#include <set>

namespace skerry::test {
namespace {

/// The address that the image `where` prints after `what`.
std::uint64_t address_of(const Outcome& outcome, std::string_view what) {
  const std::string prefix = std::string(what) + " 0x";
  const std::size_t found = outcome.console.find(prefix);
  if (found == std::string::npos) {
    ADD_FAILURE() << "no address of " << what << ": " << outcome;
    return 0;
  }
  const char* digits = outcome.console.data() + found + prefix.size();
  std::uint64_t address = 0;
  std::from_chars(digits, outcome.console.data() + outcome.console.size(), address, 16);
  return address;
}

void expect_new_layouts(Way way, std::size_t boots) {
  std::set<std::uint64_t> code;
  std::set<std::uint64_t> heap;
  std::set<std::uint64_t> stack;
  std::set<std::uint64_t> distances;
  for (std::size_t i = 0; i < boots; ++i) {
    const Outcome outcome = boot(way, "where", "quiet");
    ASSERT_EQ(outcome.status, 0) << outcome;
    code.insert(address_of(outcome, "code"));
    heap.insert(address_of(outcome, "heap"));
    stack.insert(address_of(outcome, "stack"));
    distances.insert(address_of(outcome, "static") - address_of(outcome, "code"));
  }
  EXPECT_EQ(code.size(), boots);
  EXPECT_EQ(heap.size(), boots);
  EXPECT_EQ(stack.size(), boots);
  EXPECT_EQ(distances.size(), 1U) << "the image moves as a whole";
}

TEST(Layout, IsNewInEachOf32Boots) {
  expect_new_layouts(Way::microvm, 32);
}

class LayoutOn : public testing::TestWithParam<Way> {};
INSTANTIATE_TEST_SUITE_P(Way, LayoutOn,
                         testing::Values(Way::pc, Way::q35, Way::cd_bios, Way::cd_uefi),
                         [](const auto& info) { return std::string(name(info.param)); });

TEST_P(LayoutOn, IsNewInEachBoot) {
  expect_new_layouts(GetParam(), 4);
}

} // namespace
} // namespace skerry::test
