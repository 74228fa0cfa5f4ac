// SPDX-License-Identifier: Apache-2.0
// Each call about signals, timers and time, by its own number.
#include "test/boot/descriptor.hpp"
#include "test/boot/system_call.hpp"
#include "test/truth/guest/raw_call.hpp"

#include <array>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <ctime>
#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <thread>

namespace skerry::test {
namespace {

constexpr std::size_t set_size = 8; // of the kernel's sets

constexpr std::uint64_t bit(int signal) {
  return std::uint64_t{1} << (signal - 1);
}

std::atomic<int> caught = 0;
std::atomic<int> value_of_caught = 0;

/// Counts SIGUSR1, and SIGUSR2, which is blocked, both for the time of a test.
class SignalCalls : public testing::Test {
protected:
  SignalCalls() {
    caught = 0;
    value_of_caught = 0;
    struct sigaction action{};
    action.sa_flags = SA_SIGINFO;
    action.sa_sigaction = [](int signal, siginfo_t* info, void*) {
      caught = signal;
      value_of_caught = info->si_value.sival_int;
    };
    EXPECT_EQ(sigaction(SIGUSR1, &action, &old_first_), 0);
    EXPECT_EQ(sigaction(SIGUSR2, &action, &old_second_), 0);
    EXPECT_EQ(raw(SYS_rt_sigprocmask, SIG_BLOCK, &usr2, &old_mask_, set_size), 0);
  }
  ~SignalCalls() override {
    EXPECT_EQ(raw(SYS_rt_sigprocmask, SIG_SETMASK, &old_mask_, nullptr, set_size), 0);
    EXPECT_EQ(sigaction(SIGUSR1, &old_first_, nullptr), 0);
    EXPECT_EQ(sigaction(SIGUSR2, &old_second_, nullptr), 0);
  }

  static std::uint64_t pending() {
    std::uint64_t set = 0;
    EXPECT_EQ(raw(SYS_rt_sigpending, &set, set_size), 0);
    return set;
  }
  static siginfo_t with_value(int value) {
    siginfo_t info{};
    info.si_code = SI_QUEUE;
    info.si_value.sival_int = value;
    return info;
  }

  static constexpr std::uint64_t usr2 = bit(SIGUSR2);

private:
  struct sigaction old_first_{};
  struct sigaction old_second_{};
  std::uint64_t old_mask_ = 0;
};

TEST_F(SignalCalls, SendSignals) {
  const long process = raw(SYS_getpid);
  const long thread = raw(SYS_gettid);
  const auto is_caught = [] { return caught.exchange(0) == SIGUSR1; };
  EXPECT_EQ(raw(SYS_kill, process, SIGUSR1), 0);
  EXPECT_TRUE(is_caught());
  EXPECT_EQ(raw(SYS_tkill, thread, SIGUSR1), 0);
  EXPECT_TRUE(is_caught());
  EXPECT_EQ(raw(SYS_tgkill, process, thread, SIGUSR1), 0);
  EXPECT_TRUE(is_caught());
  siginfo_t info = with_value(5);
  EXPECT_EQ(raw(SYS_rt_sigqueueinfo, process, SIGUSR1, &info), 0);
  EXPECT_TRUE(is_caught());
  EXPECT_EQ(value_of_caught, 5);
  info = with_value(6);
  EXPECT_EQ(raw(SYS_rt_tgsigqueueinfo, process, thread, SIGUSR1, &info), 0);
  EXPECT_TRUE(is_caught());
  EXPECT_EQ(value_of_caught, 6);
}

TEST_F(SignalCalls, BlockAndShowThem) {
  EXPECT_EQ(raw(SYS_tkill, raw(SYS_gettid), SIGUSR2), 0);
  EXPECT_EQ(caught, 0);
  EXPECT_EQ(pending(), usr2);
  EXPECT_EQ(raw(SYS_rt_sigprocmask, SIG_UNBLOCK, &usr2, nullptr, set_size), 0);
  EXPECT_EQ(caught, SIGUSR2);
  EXPECT_EQ(pending(), 0U);
}

TEST_F(SignalCalls, TakeOneThatIsBlocked) {
  const siginfo_t sent = with_value(8);
  EXPECT_EQ(raw(SYS_rt_sigqueueinfo, raw(SYS_getpid), SIGUSR2, &sent), 0);
  siginfo_t taken{};
  EXPECT_EQ(raw(SYS_rt_sigtimedwait, &usr2, &taken, nullptr, set_size), SIGUSR2);
  EXPECT_EQ(taken.si_value.sival_int, 8);
  EXPECT_EQ(pending(), 0U);
  EXPECT_EQ(caught, 0);
}

TEST_F(SignalCalls, WaitForOneToBeCaught) {
  EXPECT_EQ(raw(SYS_tkill, raw(SYS_gettid), SIGUSR2), 0);
  const std::uint64_t none = 0;
  EXPECT_EQ(answer_of([&] { return raw(SYS_rt_sigsuspend, &none, set_size); }), refusal(EINTR));
  EXPECT_EQ(caught.exchange(0), SIGUSR2);
  EXPECT_EQ(raw(SYS_tkill, raw(SYS_gettid), SIGUSR2), 0);
  EXPECT_EQ(caught, 0) << "the old mask holds again";
}

TEST_F(SignalCalls, PauseUntilOneIsCaught) {
  std::atomic<bool> is_over = false;
  std::thread pausing([&] {
    EXPECT_EQ(answer_of([] { return raw(SYS_pause); }), refusal(EINTR));
    is_over = true;
  });
  while (!is_over) { // one that comes before the call does not end it
    (void)pthread_kill(pausing.native_handle(), SIGUSR1);
    raw(SYS_sched_yield);
  }
  pausing.join();
  EXPECT_EQ(caught, SIGUSR1);
}

TEST_F(SignalCalls, SetWhatASignalDoes) {
  struct KernelAction { // as the call has it
    void* handler = nullptr;
    unsigned long flags = 0;
    void* restorer = nullptr;
    std::uint64_t mask = 0;
  };
  KernelAction before;
  ASSERT_EQ(raw(SYS_rt_sigaction, SIGUSR1, nullptr, &before, set_size), 0);
  KernelAction ignore;
  ignore.handler = reinterpret_cast<void*>(1); // SIG_IGN
  EXPECT_EQ(raw(SYS_rt_sigaction, SIGUSR1, &ignore, nullptr, set_size), 0);
  EXPECT_EQ(raw(SYS_tkill, raw(SYS_gettid), SIGUSR1), 0);
  EXPECT_EQ(caught, 0);
  EXPECT_EQ(raw(SYS_rt_sigaction, SIGUSR1, &before, &ignore, set_size), 0);
  EXPECT_EQ(ignore.handler, reinterpret_cast<void*>(1));
  EXPECT_EQ(raw(SYS_tkill, raw(SYS_gettid), SIGUSR1), 0);
  EXPECT_EQ(caught, SIGUSR1);
}

TEST_F(SignalCalls, RunOnAnotherStack) {
  static std::array<char, 16384> memory;
  static std::atomic<bool> is_there = false;
  const stack_t stack{.ss_sp = memory.data(), .ss_flags = 0, .ss_size = memory.size()};
  ASSERT_EQ(raw(SYS_sigaltstack, &stack, nullptr), 0);
  struct sigaction action{};
  action.sa_flags = SA_ONSTACK;
  action.sa_handler = [](int) {
    stack_t now{};
    EXPECT_EQ(raw(SYS_sigaltstack, nullptr, &now), 0);
    const char* const here = reinterpret_cast<const char*>(&now);
    is_there =
        now.ss_flags == SS_ONSTACK && here >= memory.data() && here < memory.data() + memory.size();
  };
  struct sigaction old{};
  ASSERT_EQ(sigaction(SIGUSR1, &action, &old), 0);
  EXPECT_EQ(raw(SYS_tkill, raw(SYS_gettid), SIGUSR1), 0);
  EXPECT_TRUE(is_there);
  ASSERT_EQ(sigaction(SIGUSR1, &old, nullptr), 0);
  const stack_t none{.ss_sp = nullptr, .ss_flags = SS_DISABLE, .ss_size = 0};
  EXPECT_EQ(raw(SYS_sigaltstack, &none, nullptr), 0);
}

TEST_F(SignalCalls, ReadThemAsAFile) {
  const Descriptor old(static_cast<int>(raw(SYS_signalfd, -1, &usr2, set_size)));
  const Descriptor file(
      static_cast<int>(raw(SYS_signalfd4, -1, &usr2, set_size, SFD_NONBLOCK | SFD_CLOEXEC)));
  for (const int number : {static_cast<int>(old), static_cast<int>(file)}) {
    EXPECT_EQ(raw(SYS_tkill, raw(SYS_gettid), SIGUSR2), 0);
    signalfd_siginfo told{};
    EXPECT_EQ(::read(number, &told, sizeof told), static_cast<ssize_t>(sizeof told));
    EXPECT_EQ(told.ssi_signo, static_cast<unsigned>(SIGUSR2));
  }
  EXPECT_EQ(pending(), 0U);
}

TEST(TimeCalls, RingAnAlarm) {
  const std::uint64_t set = bit(SIGALRM);
  std::uint64_t old = 0;
  ASSERT_EQ(raw(SYS_rt_sigprocmask, SIG_BLOCK, &set, &old, set_size), 0);
  EXPECT_EQ(raw(SYS_alarm, 1000), 0);
  EXPECT_GT(raw(SYS_alarm, 1), 900);
  EXPECT_EQ(raw(SYS_rt_sigtimedwait, &set, nullptr, nullptr, set_size), SIGALRM);
  itimerval value{};
  value.it_value.tv_usec = 1000;
  EXPECT_EQ(raw(SYS_setitimer, ITIMER_REAL, &value, nullptr), 0);
  EXPECT_EQ(raw(SYS_rt_sigtimedwait, &set, nullptr, nullptr, set_size), SIGALRM);
  value.it_value.tv_sec = 1000;
  EXPECT_EQ(raw(SYS_setitimer, ITIMER_REAL, &value, nullptr), 0);
  EXPECT_EQ(raw(SYS_getitimer, ITIMER_REAL, &value), 0);
  EXPECT_GT(value.it_value.tv_sec, 900);
  EXPECT_GT(raw(SYS_alarm, 0), 900);
  ASSERT_EQ(raw(SYS_rt_sigprocmask, SIG_SETMASK, &old, nullptr, set_size), 0);
}

TEST(TimeCalls, SendTheSignalsOfTimers) {
  const std::uint64_t set = bit(SIGALRM);
  std::uint64_t old = 0;
  int timer = -1;
  ASSERT_EQ(raw(SYS_rt_sigprocmask, SIG_BLOCK, &set, &old, set_size), 0);
  ASSERT_EQ(raw(SYS_timer_create, CLOCK_MONOTONIC, nullptr, &timer), 0);
  itimerspec value{};
  value.it_value.tv_nsec = 1'000'000;
  EXPECT_EQ(raw(SYS_timer_settime, timer, 0, &value, nullptr), 0);
  siginfo_t info{};
  EXPECT_EQ(raw(SYS_rt_sigtimedwait, &set, &info, nullptr, set_size), SIGALRM);
  EXPECT_EQ(info.si_code, SI_TIMER);
  EXPECT_EQ(raw(SYS_timer_getoverrun, timer), info.si_overrun);
  value.it_value.tv_sec = 1000;
  EXPECT_EQ(raw(SYS_timer_settime, timer, 0, &value, nullptr), 0);
  value = {};
  EXPECT_EQ(raw(SYS_timer_gettime, timer, &value), 0);
  EXPECT_GT(value.it_value.tv_sec, 900);
  EXPECT_EQ(raw(SYS_timer_delete, timer), 0);
  EXPECT_EQ(answer_of([&] { return raw(SYS_timer_gettime, timer, &value); }), refusal(EINVAL));
  ASSERT_EQ(raw(SYS_rt_sigprocmask, SIG_SETMASK, &old, nullptr, set_size), 0);
}

TEST(TimeCalls, SleepAsLongAsTheyAreTold) {
  timespec start{};
  timespec end{};
  const auto passed = [&] {
    return (end.tv_sec - start.tv_sec) * 1'000'000'000 + end.tv_nsec - start.tv_nsec;
  };
  constexpr timespec span{.tv_sec = 0, .tv_nsec = 3'000'000};
  ASSERT_EQ(raw(SYS_clock_gettime, CLOCK_MONOTONIC, &start), 0);
  EXPECT_EQ(raw(SYS_nanosleep, &span, nullptr), 0);
  ASSERT_EQ(raw(SYS_clock_gettime, CLOCK_MONOTONIC, &end), 0);
  EXPECT_GE(passed(), span.tv_nsec);
  start = end;
  EXPECT_EQ(raw(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &span, nullptr), 0);
  ASSERT_EQ(raw(SYS_clock_gettime, CLOCK_MONOTONIC, &end), 0);
  EXPECT_GE(passed(), span.tv_nsec);
}

TEST(TimeCalls, TellTheTimeAndLeaveItToTheHost) {
  timespec now{};
  timeval coarse{};
  ASSERT_EQ(raw(SYS_clock_gettime, CLOCK_REALTIME, &now), 0);
  EXPECT_GT(now.tv_sec, 1'700'000'000);
  EXPECT_EQ(raw(SYS_gettimeofday, &coarse, nullptr), 0);
  EXPECT_GE(coarse.tv_sec, now.tv_sec);
  time_t seconds = 0;
  EXPECT_GE(raw(SYS_time, &seconds), coarse.tv_sec);
  EXPECT_GE(seconds, coarse.tv_sec);
  timespec resolution{.tv_sec = 7, .tv_nsec = 0};
  EXPECT_EQ(raw(SYS_clock_getres, CLOCK_MONOTONIC, &resolution), 0);
  EXPECT_EQ(resolution.tv_sec, 0);
  EXPECT_EQ(resolution.tv_nsec, 1);
  coarse = {.tv_sec = 1, .tv_usec = 0};
  const timespec past{.tv_sec = 1, .tv_nsec = 0};
  EXPECT_EQ(answer_of([&] { return raw(SYS_settimeofday, &coarse, nullptr); }), refusal(EPERM));
  EXPECT_EQ(answer_of([&] { return raw(SYS_clock_settime, CLOCK_REALTIME, &past); }),
            refusal(EPERM));
  EXPECT_GE(raw(SYS_time, nullptr), now.tv_sec);
}

} // namespace
} // namespace skerry::test
