// SPDX-License-Identifier: Apache-2.0
// Timers that send signals, signals as files, and the time that threads use.
#include "descriptor.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <ctime>
#include <gtest/gtest.h>
#include <poll.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/time.h>
#include <sys/times.h>
#include <thread>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;

itimerspec every(long nanoseconds) {
  return {.it_interval = {0, nanoseconds}, .it_value = {0, nanoseconds}};
}

/// Signals that are blocked in this thread for the time of a test.
class Blocked {
public:
  explicit Blocked(std::initializer_list<int> signals) {
    sigemptyset(&set);
    for (const int signal : signals) {
      sigaddset(&set, signal);
    }
    EXPECT_EQ(pthread_sigmask(SIG_BLOCK, &set, &old_), 0);
  }
  ~Blocked() {
    const timespec at_once{};
    while (sigtimedwait(&set, nullptr, &at_once) > 0) {
    }
    EXPECT_EQ(pthread_sigmask(SIG_SETMASK, &old_, nullptr), 0);
  }

  siginfo_t take() const {
    siginfo_t info{};
    const timespec patience{.tv_sec = 60, .tv_nsec = 0};
    EXPECT_GT(sigtimedwait(&set, &info, &patience), 0);
    return info;
  }

  sigset_t set{};

private:
  sigset_t old_{};
};

TEST(PosixTimer, SendsItsSignalWithItsValue) {
  const Blocked blocked{SIGUSR1};
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGUSR1;
  event.sigev_value.sival_int = 77;
  timer_t timer{};
  ASSERT_EQ(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
  const itimerspec once{.it_interval = {}, .it_value = {0, 1'000'000}};
  ASSERT_EQ(timer_settime(timer, 0, &once, nullptr), 0);
  const siginfo_t info = blocked.take();
  EXPECT_EQ(info.si_code, SI_TIMER);
  EXPECT_EQ(info.si_value.sival_int, 77);
  itimerspec left{};
  EXPECT_EQ(timer_gettime(timer, &left), 0);
  EXPECT_EQ(left.it_value.tv_nsec, 0);
  EXPECT_EQ(timer_delete(timer), 0);
  EXPECT_NE(timer_delete(timer), 0); // musl passes -EINVAL on as it is
}

TEST(PosixTimer, CountsWhatWasNotTaken) {
  const Blocked blocked{SIGRTMIN};
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGRTMIN;
  timer_t timer{};
  ASSERT_EQ(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
  const itimerspec fast = every(1'000'000);
  ASSERT_EQ(timer_settime(timer, 0, &fast, nullptr), 0);
  const auto end = std::chrono::steady_clock::now() + 20ms;
  while (std::chrono::steady_clock::now() < end) {
  }
  const siginfo_t info = blocked.take();
  EXPECT_GE(timer_getoverrun(timer), 10);
  EXPECT_EQ(timer_getoverrun(timer), info.si_overrun);
  blocked.take();
  EXPECT_EQ(timer_delete(timer), 0);
}

TEST(PosixTimer, KeepsToAnAbsoluteTime) {
  const Blocked blocked{SIGALRM};
  timer_t timer{};
  ASSERT_EQ(timer_create(CLOCK_REALTIME, nullptr, &timer), 0); // SIGALRM
  timespec now{};
  ASSERT_EQ(clock_gettime(CLOCK_REALTIME, &now), 0);
  itimerspec past{};
  past.it_value = {now.tv_sec - 1, now.tv_nsec};
  ASSERT_EQ(timer_settime(timer, TIMER_ABSTIME, &past, nullptr), 0);
  EXPECT_EQ(blocked.take().si_signo, SIGALRM);
  itimerspec far{};
  far.it_value = {now.tv_sec + 1000, now.tv_nsec};
  ASSERT_EQ(timer_settime(timer, TIMER_ABSTIME, &far, nullptr), 0);
  itimerspec old{};
  ASSERT_EQ(timer_settime(timer, 0, &past, &old), 0);
  EXPECT_GT(old.it_value.tv_sec, 900);
  EXPECT_LE(old.it_value.tv_sec, 1000);
  EXPECT_EQ(timer_delete(timer), 0);
}

TEST(PosixTimer, RunsAFunctionInAThread) {
  static std::atomic<int> runs = 0;
  sigevent event{};
  event.sigev_notify = SIGEV_THREAD;
  event.sigev_notify_function = [](sigval value) {
    runs += value.sival_int;
    runs.notify_all();
  };
  event.sigev_value.sival_int = 5;
  timer_t timer{};
  ASSERT_EQ(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
  const itimerspec once{.it_interval = {}, .it_value = {0, 1'000'000}};
  ASSERT_EQ(timer_settime(timer, 0, &once, nullptr), 0);
  runs.wait(0);
  EXPECT_EQ(runs, 5);
  EXPECT_EQ(timer_delete(timer), 0);
}

TEST(PosixTimer, RefusesWhatItCannotBe) {
  timer_t timer{};
  EXPECT_EQ(timer_create(CLOCK_THREAD_CPUTIME_ID, nullptr, &timer), -1);
  EXPECT_EQ(errno, ENOTSUP);
  EXPECT_EQ(timer_create(77, nullptr, &timer), -1);
  EXPECT_EQ(errno, EINVAL);
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = 65;
  EXPECT_EQ(timer_create(CLOCK_MONOTONIC, &event, &timer), -1);
  EXPECT_EQ(errno, EINVAL);
  itimerval value{};
  EXPECT_EQ(setitimer(ITIMER_PROF, &value, nullptr), -1);
  EXPECT_EQ(errno, ENOTSUP);
}

TEST(Alarm, RingsOnceAndCanBeTakenBack) {
  const Blocked blocked{SIGALRM};
  EXPECT_EQ(alarm(1000), 0U);
  EXPECT_EQ(alarm(500), 1000U);
  EXPECT_EQ(alarm(0), 500U);
  itimerval value{};
  value.it_value.tv_usec = 1000;
  value.it_interval.tv_usec = 1000;
  ASSERT_EQ(setitimer(ITIMER_REAL, &value, nullptr), 0);
  blocked.take();
  blocked.take();
  itimerval old{};
  ASSERT_EQ(setitimer(ITIMER_REAL, nullptr, &old), 0);
  EXPECT_EQ(old.it_interval.tv_usec, 1000);
  ASSERT_EQ(getitimer(ITIMER_REAL, &old), 0);
  EXPECT_EQ(old.it_value.tv_usec, 0);
}

TEST(Alarm, InterruptsASleep) {
  struct sigaction action{};
  action.sa_handler = [](int) {};
  struct sigaction old{};
  ASSERT_EQ(sigaction(SIGALRM, &action, &old), 0);
  itimerval value{};
  value.it_value.tv_usec = 1000;
  ASSERT_EQ(setitimer(ITIMER_REAL, &value, nullptr), 0);
  const timespec long_time{.tv_sec = 1000, .tv_nsec = 0};
  EXPECT_EQ(nanosleep(&long_time, nullptr), -1);
  EXPECT_EQ(errno, EINTR);
  EXPECT_EQ(sigaction(SIGALRM, &old, nullptr), 0);
}

TEST(SignalFile, ReadsWhatIsBlocked) {
  const Blocked blocked{SIGUSR1, SIGUSR2};
  const Descriptor file(signalfd(-1, &blocked.set, SFD_NONBLOCK));
  std::array<signalfd_siginfo, 3> told{};
  EXPECT_EQ(read(file, told.data(), sizeof told), -1);
  EXPECT_EQ(errno, EAGAIN);
  EXPECT_EQ(read(file, told.data(), 10), -1);
  EXPECT_EQ(errno, EINVAL);
  EXPECT_EQ(kill(getpid(), SIGUSR2), 0);
  EXPECT_EQ(pthread_kill(pthread_self(), SIGUSR1), 0);
  pollfd waiting{.fd = file, .events = POLLIN, .revents = 0};
  EXPECT_EQ(poll(&waiting, 1, 0), 1);
  EXPECT_EQ(read(file, told.data(), sizeof told), static_cast<ssize_t>(2 * sizeof told[0]));
  EXPECT_EQ(told[0].ssi_signo + told[1].ssi_signo, static_cast<unsigned>(SIGUSR1 + SIGUSR2));
  EXPECT_EQ(poll(&waiting, 1, 0), 0);
}

TEST(SignalFile, WakesAThreadThatPolls) {
  const Blocked blocked{SIGUSR1};
  const Descriptor file(signalfd(-1, &blocked.set, SFD_CLOEXEC));
  std::thread sender([] { EXPECT_EQ(kill(getpid(), SIGUSR1), 0); });
  pollfd waiting{.fd = file, .events = POLLIN, .revents = 0};
  EXPECT_EQ(poll(&waiting, 1, -1), 1);
  signalfd_siginfo told{};
  EXPECT_EQ(read(file, &told, sizeof told), static_cast<ssize_t>(sizeof told));
  EXPECT_EQ(told.ssi_signo, static_cast<unsigned>(SIGUSR1));
  sender.join();
}

std::chrono::nanoseconds time_on(clockid_t clock) {
  timespec now{};
  EXPECT_EQ(clock_gettime(clock, &now), 0);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

TEST(ProcessorTime, RunsWhileAThreadRunsAndStopsWhileItSleeps) {
  const auto before_process = time_on(CLOCK_PROCESS_CPUTIME_ID);
  const auto before = time_on(CLOCK_THREAD_CPUTIME_ID);
  std::this_thread::sleep_for(200ms);
  EXPECT_LT(time_on(CLOCK_THREAD_CPUTIME_ID) - before, 100ms);
  while (time_on(CLOCK_THREAD_CPUTIME_ID) - before < 120ms) {
  }
  EXPECT_GE(time_on(CLOCK_PROCESS_CPUTIME_ID) - before_process, 120ms);
  rusage usage{};
  ASSERT_EQ(getrusage(RUSAGE_SELF, &usage), 0);
  EXPECT_GE(usage.ru_utime.tv_sec * 1'000'000 + usage.ru_utime.tv_usec, 120'000);
  tms ticks{};
  EXPECT_NE(times(&ticks), static_cast<clock_t>(-1));
  EXPECT_GE(ticks.tms_utime, 12);
  EXPECT_GE(clock(), 120'000);
}

TEST(ProcessorTime, IsKnownOfOtherThreads) {
  std::atomic<bool> is_done = false;
  std::thread other([&] { is_done.wait(false); });
  clockid_t clock{};
  ASSERT_EQ(pthread_getcpuclockid(other.native_handle(), &clock), 0);
  EXPECT_LT(time_on(clock), 1s);
  is_done = true;
  is_done.notify_all();
  other.join();
  timespec now{};
  EXPECT_EQ(clock_gettime(clock, &now), -1);
  EXPECT_EQ(errno, EINVAL);
}

} // namespace
