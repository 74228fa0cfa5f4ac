// SPDX-License-Identifier: Apache-2.0
// System calls at large: what is not there says so, what cannot be is refused, nothing pretends.
#include "system_call.hpp"

#include <array>
#include <grp.h>
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <sys/random.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

namespace skerry::test {
namespace {

TEST(SystemCall, ThatDoesNotExistAnswersEnosys) {
  for (const long number : {450L, 600L, 1'000'000L, -1L})
    EXPECT_EQ(answer_of([&] { return ::syscall(number, 1, 2, 3, 4, 5, 6); }), refusal(ENOSYS))
        << number;
}

TEST(OwnCalls, CheckWhatTheyAreGiven) {
  constexpr long statistics = 4096;
  constexpr long interface = 4097;
  constexpr long wait_for_network = 4098;
  constexpr long console_write = 4100;
  EXPECT_GT(::syscall(statistics, nullptr, 0), 10) << "no room is a way to count";
  EXPECT_EQ(answer_of([] { return ::syscall(statistics, 8, 100); }), refusal(EFAULT));
  EXPECT_EQ(answer_of([] { return ::syscall(interface, 100, 8); }), refusal(ENODEV));
  EXPECT_EQ(answer_of([] { return ::syscall(wait_for_network, 0); }), refusal(ENODEV));
  EXPECT_EQ(answer_of([] { return ::syscall(console_write, 8, 1); }), refusal(EFAULT));
  EXPECT_EQ(answer_of([] { return ::syscall(4101, 0); }), refusal(ENOSYS));
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

TEST(Process, BelongsToTheOneUserAndStaysThere) {
  std::array<uid_t, 3> users{7, 7, 7};
  ASSERT_EQ(::getresuid(&users[0], &users[1], &users[2]), 0);
  EXPECT_EQ(users, (std::array<uid_t, 3>{0, 0, 0}));
  EXPECT_EQ(answer_of([] { return ::setuid(0); }), (Answer{0, 0}));
  EXPECT_EQ(answer_of([] { return ::setresgid(0, -1, 0); }), (Answer{0, 0}));
  EXPECT_EQ(answer_of([] { return ::setuid(1000); }), refusal(EPERM));
  EXPECT_EQ(answer_of([] { return ::setgid(-1); }), refusal(EINVAL));
  EXPECT_EQ(answer_of([] { return ::setregid(-1, 5); }), refusal(EPERM));
  const gid_t group = 5;
  EXPECT_EQ(answer_of([] { return ::setgroups(0, nullptr); }), (Answer{0, 0}));
  EXPECT_EQ(answer_of([&] { return ::setgroups(1, &group); }), refusal(EPERM));
  EXPECT_EQ(::getuid(), 0U);
}

TEST(Process, LeadsItsSessionAndHasNoChildren) {
  EXPECT_EQ(::getpgrp(), ::getpid());
  EXPECT_EQ(::getsid(0), ::getpid());
  EXPECT_EQ(answer_of([] { return ::setsid(); }), refusal(EPERM));
  EXPECT_EQ(answer_of([] { return ::setpgid(0, 0); }), refusal(EPERM));
  EXPECT_EQ(answer_of([] { return ::setpgid(0, -1); }), refusal(EINVAL));
  EXPECT_EQ(answer_of([] { return ::setpgid(1234, 0); }), refusal(ESRCH));
  int status = 0;
  EXPECT_EQ(answer_of([&] { return ::wait(&status); }), refusal(ECHILD));
  EXPECT_EQ(answer_of([&] { return ::waitpid(-1, &status, 1 << 20); }), refusal(EINVAL));
  siginfo_t details{};
  EXPECT_EQ(answer_of([&] { return ::waitid(P_ALL, 0, &details, WEXITED); }), refusal(ECHILD));
  EXPECT_EQ(answer_of([&] { return ::waitid(P_ALL, 0, &details, 0); }), refusal(EINVAL));
}

TEST(Process, CannotSetTheHostsClock) {
  const timespec now{.tv_sec = 1'000'000'000, .tv_nsec = 0};
  const timespec wrong{.tv_sec = 0, .tv_nsec = 1'000'000'000};
  EXPECT_EQ(answer_of([&] { return ::clock_settime(CLOCK_REALTIME, &now); }), refusal(EPERM));
  EXPECT_EQ(answer_of([&] { return ::clock_settime(CLOCK_REALTIME, &wrong); }), refusal(EINVAL));
  EXPECT_EQ(answer_of([&] { return ::clock_settime(CLOCK_MONOTONIC, &now); }), refusal(EINVAL));
}

TEST(Process, ReadsOneTimeByEveryCall) {
  timespec before{};
  timespec after{};
  timeval time{};
  ASSERT_EQ(::clock_gettime(CLOCK_REALTIME, &before), 0);
  ASSERT_EQ(::syscall(SYS_gettimeofday, &time, nullptr), 0);
  const long seconds = ::syscall(SYS_time, nullptr);
  ASSERT_EQ(::clock_gettime(CLOCK_REALTIME, &after), 0);
  EXPECT_LE(before.tv_sec, time.tv_sec);
  EXPECT_LE(time.tv_sec, seconds);
  EXPECT_LE(seconds, after.tv_sec);
}

TEST(Limits, AreToldAlikeByBothCalls) {
  rlimit by_old{};
  rlimit by_new{};
  ASSERT_EQ(::syscall(SYS_getrlimit, RLIMIT_NOFILE, &by_old), 0);
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &by_new), 0);
  EXPECT_EQ(by_old.rlim_cur, by_new.rlim_cur);
  EXPECT_EQ(by_old.rlim_max, by_new.rlim_max);
  EXPECT_EQ(::syscall(SYS_setrlimit, RLIMIT_NOFILE, &by_old), 0);
  EXPECT_EQ(answer_of([] { return ::syscall(SYS_setrlimit, RLIMIT_NOFILE, nullptr); }),
            refusal(EFAULT));
}

TEST(Reboot, NeedsItsMagicAndAKnownCommand) {
  constexpr unsigned magic = 0xfee1dead;
  constexpr unsigned second = 672274793;
  EXPECT_EQ(answer_of([] { return ::syscall(SYS_reboot, 1, second, RB_AUTOBOOT, 0); }),
            refusal(EINVAL));
  EXPECT_EQ(answer_of([] { return ::syscall(SYS_reboot, magic, 1, RB_AUTOBOOT, 0); }),
            refusal(EINVAL));
  EXPECT_EQ(answer_of([] { return ::reboot(0x7777); }), refusal(EINVAL));
  EXPECT_EQ(answer_of([] { return ::reboot(RB_ENABLE_CAD); }), refusal(EPERM));
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
