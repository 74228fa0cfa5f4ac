// SPDX-License-Identifier: Apache-2.0
// How a traced call is written.
#include "src/posix/call_text.hpp"
#include "src/posix/error_names.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <gtest/gtest.h>
#include <string>
#include <sys/syscall.h>

namespace skerry::posix {
namespace {

std::string text_of(std::string_view name, const TracedCall& call) {
  std::array<char, 240> text{};
  return std::string(describe_call(text, name, call));
}

std::string text_of(long result) {
  std::array<char, 32> text{};
  return std::string(describe_result(text, result));
}

constexpr std::uint64_t words[6] = {1, 0x7000, 3, 4, 0xffff'ffff'ffff'ffff, 6};

TracedCall call(std::uint64_t number) {
  TracedCall call{.number = number};
  std::ranges::copy(words, call.words);
  return call;
}

TEST(CallText, ShowsAsManyArgumentsAsTheCallHas) {
  EXPECT_EQ(text_of("getpid", call(SYS_getpid)), "getpid()");
  EXPECT_EQ(text_of("close", call(SYS_close)), "close(0x1)");
  EXPECT_EQ(text_of("mmap", call(SYS_mmap)),
            "mmap(0x1, 0x7000, 0x3, 0x4, 0xffffffffffffffff, 0x6)");
}

TEST(CallText, ShowsAllRegistersOfWhatIsNotKnown) {
  EXPECT_EQ(text_of("fork", call(SYS_fork)),
            "fork(0x1, 0x7000, 0x3, 0x4, 0xffffffffffffffff, 0x6)");
  EXPECT_EQ(text_of("", call(600)),
            "system call 600(0x1, 0x7000, 0x3, 0x4, 0xffffffffffffffff, 0x6)");
}

TEST(CallText, WritesResultsInDecimalsAndErrorsByName) {
  EXPECT_EQ(text_of(0), " = 0");
  EXPECT_EQ(text_of(4096), " = 4096");
  EXPECT_EQ(text_of(-ENOENT), " = -1 ENOENT");
  EXPECT_EQ(text_of(-4096), " = -4096") << "no error: an address, perhaps";
}

TEST(ErrorName, IsTheOneThatTheHostKnows) {
  EXPECT_EQ(error_name(0), "");
  EXPECT_EQ(error_name(41), "") << "not used";
  EXPECT_EQ(error_name(134), "");
  for (int error = 1; error <= EHWPOISON; ++error) {
    const char* const name = ::strerrorname_np(error);
    const std::string_view expected = name == nullptr ? "" : name;
    if (error != EOPNOTSUPP) // which has two names
      EXPECT_EQ(error_name(error), expected) << error;
  }
}

} // namespace
} // namespace skerry::posix
