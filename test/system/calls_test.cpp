// SPDX-License-Identifier: Apache-2.0
// Which system calls an image holds: those that something in it makes, unless it asks for all.
#include "elf/elf_file.hpp"
#include "machines.hpp"
#include "support/file.hpp"

#include <algorithm>
#include <gmock/gmock.h>

namespace skerry::test {
namespace {

using testing::HasSubstr;
using testing::Not;

std::size_t count_calls(std::string_view name) {
  const auto bytes = read_bytes(image(name));
  const auto symbols = ElfFile(bytes).symbols();
  return static_cast<std::size_t>(std::ranges::count_if(symbols, [](const auto& symbol) {
    return symbol.name.starts_with("__skerry_call_") && symbol.entry.st_shndx != SHN_UNDEF;
  }));
}

TEST(Calls, ThatNothingMakesAreNotLinked) {
  const std::size_t few = count_calls("hello");
  EXPECT_LT(few, 30U);
  EXPECT_LT(few, count_calls("http_server"));
  EXPECT_LT(count_calls("http_server"), 80U);
  // door_two_test.cpp makes some by itself.
  EXPECT_GT(count_calls("boot_tests"), 200U);
  EXPECT_EQ(count_calls("made_call_of_all"), count_calls("boot_tests"));
}

TEST(Calls, ThatAreNotLinkedFailAndAreNamedOnce) {
  const Outcome outcome = boot(Way::microvm, "made_call");
  EXPECT_EQ(outcome.status, 0) << outcome;
  EXPECT_THAT(outcome, Shows("getsid: -38\ngetsid: -38\n"));
  const std::string line = "getsid() is not part of this image";
  EXPECT_THAT(outcome.console, HasSubstr(line));
  EXPECT_THAT(outcome.console.substr(outcome.console.find(line) + line.size()),
              Not(HasSubstr(line)));
}

TEST(Calls, AreThereWhereTheImageAsksForAll) {
  const Outcome outcome = boot(Way::microvm, "made_call_of_all");
  EXPECT_EQ(outcome.status, 0) << outcome;
  EXPECT_THAT(outcome, Shows("getsid: 2\ngetsid: 2\n"));
}

} // namespace
} // namespace skerry::test
