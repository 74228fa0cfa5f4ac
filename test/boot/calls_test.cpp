// SPDX-License-Identifier: Apache-2.0
// System calls at large: what is not there says so, what cannot be is refused, nothing pretends.
#include "system_call.hpp"

#include <array>
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace skerry::test {
namespace {

TEST(SystemCall, ThatDoesNotExistAnswersEnosys) {
  for (const long number : {450L, 600L, 1'000'000L, -1L})
    EXPECT_EQ(answer_of([&] { return ::syscall(number, 1, 2, 3, 4, 5, 6); }), refusal(ENOSYS))
        << number;
}

TEST(Process, CannotBeMultiplied) {
  EXPECT_EQ(answer_of([] { return ::fork(); }), refusal(ENOSYS));
  char name[] = "program";
  char* const words[] = {name, nullptr};
  EXPECT_EQ(answer_of([&] { return ::execve(name, words, words); }), refusal(ENOSYS));
}

TEST(Process, HasAnIdentityThatStays) {
  EXPECT_GT(::getpid(), 0);
  EXPECT_EQ(::getpid(), ::getpid());
  EXPECT_GT(::gettid(), 0);
  EXPECT_EQ(::gettid(), ::gettid());
}

TEST(ArchPrctl, KeepsTheKernelsRegisterFromTheApplication) {
  constexpr int set_gs = 0x1001;
  EXPECT_EQ(answer_of([] { return ::syscall(SYS_arch_prctl, set_gs, 0x1000); }), refusal(EPERM));
}

TEST(ArchPrctl, RefusesThreadPointerThatTheProcessorCannotHold) {
  constexpr int set_fs = 0x1002;
  EXPECT_EQ(answer_of([] { return ::syscall(SYS_arch_prctl, set_fs, 1ULL << 63); }),
            refusal(EPERM));
}

TEST(Random, IsRandomOrFails) {
  std::set<std::string> seen;
  for (int i = 0; i < 8; ++i) {
    std::string bytes(16, '\0');
    const Answer answer = answer_of([&] { return ::getrandom(bytes.data(), bytes.size(), 0); });
    if (answer.value == -1) {
      EXPECT_NE(answer.error, 0);
      EXPECT_EQ(bytes, std::string(16, '\0'));
      return;
    }
    ASSERT_EQ(answer.value, 16);
    EXPECT_TRUE(seen.insert(bytes).second);
  }
}

} // namespace
} // namespace skerry::test
