// SPDX-License-Identifier: Apache-2.0
// Each call about threads, the process and the machine, by its own number.
#include "test/boot/system_call.hpp"
#include "test/truth/guest/raw_call.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <gtest/gtest.h>
#include <sched.h>
#include <string>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <thread>

extern "C" int __skerry_clone(int (*function)(void*), void* stack, int flags, void* argument,
                              int* parent_number, void* thread_pointer, int* child_number);

namespace skerry::test {
namespace {

constexpr int get_fs = 0x1003; // arch_prctl(2)
constexpr int set_fs = 0x1002;

std::uint64_t thread_pointer() {
  std::uint64_t pointer = 0;
  EXPECT_EQ(raw(SYS_arch_prctl, get_fs, &pointer), 0);
  return pointer;
}

/// What a thread leaves that the C library knows nothing of.
struct Traces {
  std::atomic<long> told = 0;        ///< by set_tid_address()
  std::atomic<int> number = INT_MAX; ///< the kernel makes it 0
  // A robust mutex that it held: get_robust_list(2).
  std::array<std::uintptr_t, 3> list{};
  std::uintptr_t node = 0;
  std::atomic<std::uint32_t> owner = 0;
};

int leave_traces(void* argument) {
  auto& traces = *static_cast<Traces*>(argument);
  traces.told = raw(SYS_set_tid_address, &traces.number);
  const auto address = [](const auto& place) { return reinterpret_cast<std::uintptr_t>(&place); };
  traces.owner = static_cast<std::uint32_t>(traces.told);
  traces.node = address(traces.list);
  traces.list = {address(traces.node), address(traces.owner) - address(traces.node), 0};
  raw(SYS_set_robust_list, &traces.list, sizeof traces.list);
  raw(SYS_exit, 0);
  return 0;
}

TEST(ThreadCalls, EndAThreadAndWhatItHeld) {
  alignas(16) static std::array<char, 65536> stack;
  static Traces traces;
  constexpr int kind = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD;
  // It lives with the thread-locals of this thread, which meanwhile makes no use of them.
  const int thread =
      __skerry_clone(leave_traces, stack.data() + stack.size(), kind | CLONE_SETTLS, &traces,
                     nullptr, reinterpret_cast<void*>(thread_pointer()), nullptr);
  ASSERT_GT(thread, 0);
  constexpr int wait = 0;
  while (traces.number == INT_MAX)
    raw(SYS_futex, &traces.number, wait, INT_MAX, nullptr);
  EXPECT_EQ(traces.number, 0);
  EXPECT_EQ(traces.told, thread);
  constexpr std::uint32_t owner_died = 0x40000000;
  EXPECT_EQ(traces.owner, owner_died);
  while (raw(SYS_tkill, thread, 0) == 0)
    raw(SYS_sched_yield);
  EXPECT_EQ(errno, ESRCH);
}

TEST(ThreadCalls, TellWhoMakesThem) {
  const long own = raw(SYS_gettid);
  EXPECT_EQ(raw(SYS_getpid), own) << "this is the main thread";
  long other = 0;
  long process = 0;
  std::thread([&] {
    other = raw(SYS_gettid);
    process = raw(SYS_getpid);
  }).join();
  EXPECT_NE(other, own);
  EXPECT_EQ(process, own);
  EXPECT_EQ(raw(SYS_getppid), 1);
  EXPECT_EQ(raw(SYS_getpgrp), own);
  EXPECT_EQ(raw(SYS_getpgid, 0), own);
  EXPECT_EQ(raw(SYS_getsid, own), own);
  EXPECT_EQ(answer_of([] { return raw(SYS_getpgid, 77'777); }), refusal(ESRCH));
}

TEST(ThreadCalls, GiveWayToOthers) {
  constexpr int rounds = 3;
  std::atomic<int> turn = 0; // the other thread's while it is odd
  std::thread other([&] {
    for (int i = 0; i < rounds; ++i) {
      while (turn % 2 == 0)
        raw(SYS_sched_yield);
      ++turn;
    }
  });
  for (int i = 0; i < rounds; ++i) {
    ++turn;
    do
      EXPECT_EQ(raw(SYS_sched_yield), 0);
    while (turn % 2 == 1);
  }
  other.join();
  EXPECT_EQ(turn, 2 * rounds);
}

TEST(ThreadCalls, KnowWhereThreadLocalsAre) {
  const std::uint64_t pointer = thread_pointer();
  EXPECT_EQ(*reinterpret_cast<const std::uint64_t*>(pointer), pointer) << "as the x86-64 ABI says";
  std::thread([&] { EXPECT_NE(thread_pointer(), pointer); }).join();
  EXPECT_EQ(raw(SYS_arch_prctl, set_fs, pointer), 0);
  EXPECT_EQ(thread_pointer(), pointer);
}

TEST(ThreadCalls, KeepTheListOfRobustMutexes) {
  struct Head {
    void* first = this;
    long offset = 0;
    void* pending = nullptr;
  } head;
  void* before = nullptr;
  void* now = nullptr;
  std::size_t size = 0;
  ASSERT_EQ(raw(SYS_get_robust_list, 0, &before, &size), 0);
  EXPECT_EQ(raw(SYS_set_robust_list, &head, sizeof head), 0);
  EXPECT_EQ(raw(SYS_get_robust_list, 0, &now, &size), 0);
  EXPECT_EQ(now, &head);
  EXPECT_EQ(size, sizeof head);
  EXPECT_EQ(raw(SYS_set_robust_list, before, sizeof head), 0);
}

TEST(ThreadCalls, WaitAtAWordAndWake) {
  std::atomic<int> word = 1;
  constexpr int wait = 0;
  constexpr int wake = 1;
  EXPECT_EQ(answer_of([&] { return raw(SYS_futex, &word, wait, 2, nullptr); }), refusal(EAGAIN));
  std::thread waiter([&] {
    while (word == 1)
      raw(SYS_futex, &word, wait, 1, nullptr);
  });
  while (raw(SYS_futex, &word, wake, 1) != 1)
    raw(SYS_sched_yield);
  word = 2;
  raw(SYS_futex, &word, wake, 1);
  waiter.join();
}

TEST(ThreadCalls, NameAThread) {
  std::thread([] {
    std::array<char, 16> name{};
    EXPECT_EQ(raw(SYS_prctl, PR_SET_NAME, "named", 0, 0, 0), 0);
    EXPECT_EQ(raw(SYS_prctl, PR_GET_NAME, name.data(), 0, 0, 0), 0);
    EXPECT_STREQ(name.data(), "named");
    EXPECT_EQ(answer_of([] { return raw(SYS_prctl, PR_SET_DUMPABLE, 0, 0, 0, 0); }),
              refusal(EINVAL));
  }).join();
}

TEST(MachineCalls, TellWhatItIs) {
  utsname name{};
  EXPECT_EQ(raw(SYS_uname, &name), 0);
  EXPECT_STREQ(name.sysname, "Linux");
  EXPECT_STREQ(name.machine, "x86_64");
  EXPECT_TRUE(std::string(name.version).starts_with("Skerry "));
  struct sysinfo info{};
  EXPECT_EQ(raw(SYS_sysinfo, &info), 0);
  EXPECT_GT(info.totalram, info.freeram);
  EXPECT_GT(info.freeram, 0U);
  EXPECT_EQ(info.procs, 1);
  unsigned cpu = 7;
  unsigned node = 7;
  EXPECT_EQ(raw(SYS_getcpu, &cpu, &node, nullptr), 0);
  EXPECT_EQ(cpu, 0U);
  EXPECT_EQ(node, 0U);
}

TEST(MachineCalls, GiveRandomBytes) {
  std::array<std::array<char, 32>, 2> bytes{};
  EXPECT_EQ(raw(SYS_getrandom, bytes[0].data(), 32, 0), 32);
  EXPECT_EQ(raw(SYS_getrandom, bytes[1].data(), 32, 0), 32);
  EXPECT_NE(bytes[0], bytes[1]);
  EXPECT_NE(bytes[0], (std::array<char, 32>{}));
}

TEST(LimitCalls, LimitDescriptors) {
  rlimit before{};
  rlimit now{};
  ASSERT_EQ(raw(SYS_prlimit64, 0, RLIMIT_NOFILE, nullptr, &before), 0);
  const rlimit lower{.rlim_cur = 5, .rlim_max = before.rlim_max};
  EXPECT_EQ(raw(SYS_setrlimit, RLIMIT_NOFILE, &lower), 0);
  EXPECT_EQ(raw(SYS_getrlimit, RLIMIT_NOFILE, &now), 0);
  EXPECT_EQ(now.rlim_cur, 5U);
  EXPECT_EQ(answer_of([] { return ::fcntl(1, F_DUPFD, 5); }), refusal(EINVAL));
  EXPECT_EQ(raw(SYS_prlimit64, 0, RLIMIT_NOFILE, &before, &now), 0);
  EXPECT_EQ(now.rlim_cur, 5U);
  const int high = ::fcntl(1, F_DUPFD, 5);
  EXPECT_GE(high, 5);
  EXPECT_EQ(::close(high), 0);
}

TEST(UserCalls, TellAndKeepTheOneUser) {
  for (const long number : {SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid})
    EXPECT_EQ(raw(number), 0) << number;
  for (const long number : {SYS_getresuid, SYS_getresgid}) {
    std::array<unsigned, 3> told{7, 7, 7};
    EXPECT_EQ(raw(number, &told[0], &told[1], &told[2]), 0);
    EXPECT_EQ(told, (std::array<unsigned, 3>{})) << number;
  }
  for (const long number :
       {SYS_setuid, SYS_setgid, SYS_setreuid, SYS_setregid, SYS_setresuid, SYS_setresgid}) {
    EXPECT_EQ(raw(number, 0, 0, 0), 0) << number;
    EXPECT_EQ(answer_of([&] { return raw(number, 1000, 1000, 1000); }), refusal(EPERM)) << number;
  }
  // These two answer what held before, whether they do what they are asked to or not.
  for (const long number : {SYS_setfsuid, SYS_setfsgid}) {
    EXPECT_EQ(raw(number, 1000), 0) << number;
    EXPECT_EQ(raw(number, -1), 0) << number << ": nothing has changed";
  }
  unsigned group = 7;
  EXPECT_EQ(raw(SYS_setgroups, 0, nullptr), 0);
  EXPECT_EQ(answer_of([&] { return raw(SYS_setgroups, 1, &group); }), refusal(EPERM));
  EXPECT_EQ(raw(SYS_getgroups, 1, &group), 0);
  EXPECT_EQ(group, 7U) << "there are none";
  EXPECT_EQ(raw(SYS_getuid), 0);
}

TEST(UserCalls, SayThatTheProcessIsAlone) {
  int status = 7;
  siginfo_t details{};
  EXPECT_EQ(answer_of([&] { return raw(SYS_wait4, -1, &status, 0, nullptr); }), refusal(ECHILD));
  EXPECT_EQ(answer_of([&] { return raw(SYS_waitid, P_ALL, 0, &details, WEXITED, nullptr); }),
            refusal(ECHILD));
  EXPECT_EQ(status, 7);
  EXPECT_EQ(answer_of([] { return raw(SYS_setsid); }), refusal(EPERM));
  EXPECT_EQ(answer_of([] { return raw(SYS_setpgid, 0, 0); }), refusal(EPERM));
}

TEST(UserCalls, HaveTheOnePersonality) {
  constexpr unsigned ask = 0xffffffff;
  EXPECT_EQ(raw(SYS_personality, 0), 0);
  EXPECT_EQ(raw(SYS_personality, ask), 0);
  EXPECT_EQ(answer_of([] { return raw(SYS_personality, 8); }), refusal(EINVAL)); // PER_LINUX32
  EXPECT_EQ(raw(SYS_personality, ask), 0);
}

TEST(ScheduleCalls, HaveOnePolicyAndOneProcessor) {
  std::uint64_t set = 0;
  EXPECT_EQ(raw(SYS_sched_getaffinity, 0, sizeof set, &set), 8);
  EXPECT_EQ(set, 1U);
  EXPECT_EQ(raw(SYS_sched_setaffinity, 0, sizeof set, &set), 0);
  set = 2;
  EXPECT_EQ(answer_of([&] { return raw(SYS_sched_setaffinity, 0, sizeof set, &set); }),
            refusal(EINVAL));
  int priority = 0;
  EXPECT_EQ(raw(SYS_sched_setscheduler, 0, SCHED_OTHER, &priority), 0);
  EXPECT_EQ(answer_of([&] { return raw(SYS_sched_setscheduler, 0, SCHED_FIFO, &priority); }),
            refusal(EPERM));
  EXPECT_EQ(raw(SYS_sched_getscheduler, 0), SCHED_OTHER);
  EXPECT_EQ(raw(SYS_sched_setparam, 0, &priority), 0);
  priority = 7;
  EXPECT_EQ(raw(SYS_sched_getparam, 0, &priority), 0);
  EXPECT_EQ(priority, 0);
  EXPECT_EQ(raw(SYS_sched_get_priority_max, SCHED_FIFO), 99);
  EXPECT_EQ(raw(SYS_sched_get_priority_min, SCHED_FIFO), 1);
  EXPECT_EQ(raw(SYS_sched_get_priority_max, SCHED_OTHER), 0);
  EXPECT_EQ(raw(SYS_getpriority, PRIO_PROCESS, 0), 20);
  EXPECT_EQ(raw(SYS_setpriority, PRIO_PROCESS, 0, 0), 0);
  EXPECT_EQ(answer_of([] { return raw(SYS_setpriority, PRIO_PROCESS, 0, 5); }), refusal(EPERM));
  EXPECT_EQ(raw(SYS_getpriority, PRIO_PROCESS, 0), 20);
}

TEST(ScheduleCalls, TellHowLongAThreadMayRun) {
  timespec slice{};
  EXPECT_EQ(raw(SYS_sched_rr_get_interval, 0, &slice), 0);
  EXPECT_EQ(slice.tv_sec, 0);
  EXPECT_EQ(slice.tv_nsec, 10'000'000);
}

TEST(ScheduleCalls, OrderMemoryForAllThreads) {
  constexpr int query = 0;
  constexpr int global = 1;
  constexpr int expedited = 8;
  constexpr int to_register = 16;
  EXPECT_EQ(raw(SYS_membarrier, query, 0, 0), global | expedited | to_register);
  EXPECT_EQ(raw(SYS_membarrier, to_register, 0, 0), 0);
  for (int round = 0; round < 20; ++round) {
    std::atomic<int> one = 0;
    std::atomic<int> two = 0;
    int seen = 0;
    std::thread other([&] {
      one.store(1, std::memory_order_relaxed);
      std::atomic_signal_fence(std::memory_order_seq_cst);
      seen = two.load(std::memory_order_relaxed);
    });
    two.store(1, std::memory_order_relaxed);
    EXPECT_EQ(raw(SYS_membarrier, round % 2 == 0 ? expedited : global, 0, 0), 0);
    const int seen_here = one.load(std::memory_order_relaxed);
    other.join();
    EXPECT_TRUE(seen == 1 || seen_here == 1);
  }
  EXPECT_EQ(answer_of([] { return raw(SYS_membarrier, 2, 0, 0); }), refusal(EINVAL));
}

TEST(ScheduleCalls, TellTheTimeThatWasUsed) {
  rusage before{};
  tms ticks_before{};
  ASSERT_EQ(raw(SYS_getrusage, RUSAGE_SELF, &before), 0);
  ASSERT_GE(raw(SYS_times, &ticks_before), 0);
  rusage now{};
  const auto used = [&] {
    return (now.ru_utime.tv_sec - before.ru_utime.tv_sec) * 1'000'000 + now.ru_utime.tv_usec -
           before.ru_utime.tv_usec;
  };
  timespec moment{};
  do {
    for (int i = 0; i < 10'000; ++i)
      std::atomic_signal_fence(std::memory_order_seq_cst);
    ASSERT_EQ(::getrusage(RUSAGE_SELF, &now), 0);
    ASSERT_EQ(raw(SYS_clock_gettime, CLOCK_THREAD_CPUTIME_ID, &moment), 0);
  } while (used() < 40'000);
  tms ticks{};
  EXPECT_GE(raw(SYS_times, &ticks), 0);
  EXPECT_GE(ticks.tms_utime - ticks_before.tms_utime, 3);
  EXPECT_GT(now.ru_maxrss, 0);
}

} // namespace
} // namespace skerry::test
