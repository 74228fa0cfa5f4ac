// SPDX-License-Identifier: Apache-2.0
// Calls that could easily report success for what they do not do.
#include "descriptor.hpp"
#include "system_call.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace skerry::test {
namespace {

constexpr int nobody = 999'999; // no thread and no process

int map_error(int flags, int descriptor = -1) {
  void* const memory = ::mmap(nullptr, 4096, PROT_READ, flags, descriptor, 0);
  if (memory == MAP_FAILED)
    return errno;
  EXPECT_EQ(::munmap(memory, 4096), 0);
  return 0;
}

TEST(Mapping, FailsForWhatItCannotHave) {
  constexpr int anonymous = MAP_PRIVATE | MAP_ANONYMOUS;
  EXPECT_EQ(map_error(anonymous | MAP_NORESERVE | MAP_STACK | MAP_POPULATE | MAP_LOCKED), 0);
  EXPECT_EQ(map_error(anonymous | MAP_DENYWRITE), 0) << "ignored since ever";
  EXPECT_EQ(map_error(anonymous | MAP_32BIT), EOPNOTSUPP);
  EXPECT_EQ(map_error(anonymous | MAP_GROWSDOWN), EOPNOTSUPP);
  EXPECT_EQ(map_error(anonymous | MAP_HUGETLB), ENOMEM);
  EXPECT_EQ(map_error(MAP_SHARED_VALIDATE | MAP_ANONYMOUS), EINVAL);
}

TEST(Mapping, ThatIsValidatedKnowsItsFlags) {
  const Descriptor file(::memfd_create("pages", 0));
  ASSERT_EQ(::ftruncate(file, 4096), 0);
  EXPECT_EQ(map_error(MAP_SHARED_VALIDATE, file), 0);
  EXPECT_EQ(map_error(MAP_SHARED_VALIDATE | MAP_SYNC, file), EOPNOTSUPP);
  EXPECT_EQ(map_error(MAP_SHARED_VALIDATE | 0x8000'0000, file), EOPNOTSUPP);
  EXPECT_EQ(map_error(MAP_SHARED | MAP_SYNC, file), 0) << "ignored without validation";
}

TEST(Limits, ThatWereLoweredStayLowered) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit lower{.rlim_cur = 100, .rlim_max = 200};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &lower), 0);
  rlimit now{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &now), 0);
  EXPECT_EQ(now.rlim_cur, 100U);
  EXPECT_EQ(now.rlim_max, 200U);
  EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0) << "root may raise it again";
}

TEST(Limits, ThatCannotBeKeptAreRefused) {
  rlimit stack{};
  ASSERT_EQ(::getrlimit(RLIMIT_STACK, &stack), 0);
  EXPECT_EQ(::setrlimit(RLIMIT_STACK, &stack), 0);
  stack.rlim_max = stack.rlim_cur;
  EXPECT_EQ(answer_of([&] { return ::setrlimit(RLIMIT_STACK, &stack); }), refusal(EPERM));
}

TEST(Scheduling, KnowsWhichThreadsThereAre) {
  const sched_param parameter{};
  sched_param found{};
  cpu_set_t set;
  timespec slice{};
  CPU_ZERO(&set);
  CPU_SET(0, &set);
  for (const int thread : {0, static_cast<int>(::gettid())}) {
    EXPECT_EQ(::syscall(SYS_sched_setscheduler, thread, SCHED_OTHER, &parameter), 0);
    EXPECT_EQ(::syscall(SYS_sched_getscheduler, thread), SCHED_OTHER);
    EXPECT_EQ(::setpriority(PRIO_PROCESS, static_cast<id_t>(thread), 0), 0);
  }
  const auto error_of = [](auto call) { return answer_of(call); };
  EXPECT_EQ(
      error_of([&] { return ::syscall(SYS_sched_setscheduler, nobody, SCHED_OTHER, &parameter); }),
      refusal(ESRCH));
  EXPECT_EQ(error_of([&] { return ::syscall(SYS_sched_setparam, nobody, &parameter); }),
            refusal(ESRCH));
  EXPECT_EQ(error_of([&] { return ::syscall(SYS_sched_getparam, nobody, &found); }),
            refusal(ESRCH));
  EXPECT_EQ(error_of([&] { return ::syscall(SYS_sched_getscheduler, nobody); }), refusal(ESRCH));
  EXPECT_EQ(error_of([&] { return ::sched_setaffinity(nobody, sizeof set, &set); }),
            refusal(ESRCH));
  EXPECT_EQ(error_of([&] { return ::sched_getaffinity(nobody, sizeof set, &set); }),
            refusal(ESRCH));
  EXPECT_EQ(error_of([&] { return ::syscall(SYS_sched_rr_get_interval, nobody, &slice); }),
            refusal(ESRCH));
  EXPECT_EQ(error_of([&] { return ::setpriority(PRIO_PROCESS, nobody, 0); }), refusal(ESRCH));
  EXPECT_EQ(error_of([&] { return ::getpriority(PRIO_PGRP, nobody); }), refusal(ESRCH));
  EXPECT_EQ(error_of([&] { return ::getpriority(PRIO_USER, 1000); }), refusal(ESRCH));
  EXPECT_EQ(error_of([&] { return ::setpriority(7, 0, 0); }), refusal(EINVAL));
}

TEST(StatusFlags, AreNotSetWhereTheyWouldDoNothing) {
  const Descriptor file(::open("/tmp/flags", O_CREAT | O_RDWR, 0600));
  EXPECT_EQ(answer_of([&] { return ::fcntl(file, F_SETFL, O_DIRECT); }), refusal(EINVAL));
  EXPECT_EQ(answer_of([&] { return ::fcntl(file, F_SETFL, O_ASYNC); }), refusal(EINVAL));
  EXPECT_EQ(::fcntl(file, F_SETFL, O_APPEND), 0);
  EXPECT_EQ(::fcntl(file, F_GETFL) & O_APPEND, O_APPEND);
  EXPECT_EQ(::unlink("/tmp/flags"), 0);
}

TEST(CopyFileRange, RefusesRangesThatMeet) {
  const Descriptor file(::open("/tmp/range", O_CREAT | O_RDWR, 0600));
  ASSERT_EQ(::write(file, "abcdefgh", 8), 8);
  const auto copy = [&](off_t from, off_t to, std::size_t size) {
    return answer_of([&] { return ::copy_file_range(file, &from, file, &to, size, 0); });
  };
  EXPECT_EQ(copy(0, 2, 4), refusal(EINVAL));
  EXPECT_EQ(copy(2, 0, 4), refusal(EINVAL));
  EXPECT_EQ(copy(0, 4, 4), (Answer{4, 0}));
  EXPECT_EQ(copy(6, 2, 100), (Answer{2, 0})) << "there are two bytes to the end";
  char text[9] = {};
  ASSERT_EQ(::pread(file, text, 8, 0), 8);
  EXPECT_STREQ(text, "abcdabcd");
  EXPECT_EQ(::unlink("/tmp/range"), 0);
}

TEST(Usage, TellsTheMostMemoryThatWasInUse) {
  constexpr long kibibytes = 4096;
  rusage before{};
  ASSERT_EQ(::getrusage(RUSAGE_SELF, &before), 0);
  EXPECT_GT(before.ru_maxrss, 0);
  void* const memory = ::mmap(nullptr, kibibytes * 1024, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  rusage with{};
  ASSERT_EQ(::getrusage(RUSAGE_SELF, &with), 0);
  EXPECT_GE(with.ru_maxrss, kibibytes);
  ASSERT_EQ(::munmap(memory, kibibytes * 1024), 0);
  rusage after{};
  ASSERT_EQ(::getrusage(RUSAGE_SELF, &after), 0);
  EXPECT_EQ(after.ru_maxrss, with.ru_maxrss) << "the most, not what is in use now";
  rusage children{};
  ASSERT_EQ(::getrusage(RUSAGE_CHILDREN, &children), 0);
  EXPECT_EQ(children.ru_maxrss, 0);
}

} // namespace
} // namespace skerry::test
