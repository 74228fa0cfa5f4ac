// SPDX-License-Identifier: Apache-2.0
// Signals inside an image: sent, caught from faults, waited for, with an editable context.
#include <atomic>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <thread>
#include <ucontext.h>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;

std::atomic<int> last_signal = 0;
std::atomic<void*> last_address = nullptr;

void note(int signal) {
  last_signal = signal;
}

/// Puts an action in place for the life of the object.
class Action {
public:
  Action(int signal, void (*handler)(int, siginfo_t*, void*), int flags = 0) : signal_(signal) {
    struct sigaction action{};
    action.sa_sigaction = handler;
    action.sa_flags = SA_SIGINFO | flags;
    EXPECT_EQ(sigaction(signal, &action, &old_), 0);
  }
  ~Action() { EXPECT_EQ(sigaction(signal_, &old_, nullptr), 0); }
  Action(const Action&) = delete;
  Action& operator=(const Action&) = delete;

private:
  int signal_;
  struct sigaction old_{};
};

TEST(Signal, ReachesItsHandler) {
  last_signal = 0;
  const auto old = ::signal(SIGUSR1, note);
  EXPECT_EQ(::raise(SIGUSR1), 0);
  EXPECT_EQ(last_signal, SIGUSR1);
  ::signal(SIGUSR1, old);
}

TEST(Signal, WaitsWhileItIsBlocked) {
  last_signal = 0;
  const Action action(SIGUSR2, [](int signal, siginfo_t*, void*) { last_signal = signal; });
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  ASSERT_EQ(pthread_sigmask(SIG_BLOCK, &set, nullptr), 0);
  EXPECT_EQ(::kill(::getpid(), SIGUSR2), 0);
  EXPECT_EQ(last_signal, 0);
  sigset_t waiting;
  ASSERT_EQ(sigpending(&waiting), 0);
  EXPECT_TRUE(sigismember(&waiting, SIGUSR2));
  ASSERT_EQ(pthread_sigmask(SIG_UNBLOCK, &set, nullptr), 0);
  EXPECT_EQ(last_signal, SIGUSR2);
}

TEST(Signal, IsTakenByWhoWaitsForIt) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGRTMIN);
  ASSERT_EQ(pthread_sigmask(SIG_BLOCK, &set, nullptr), 0);
  sigval value{};
  value.sival_int = 42;
  ASSERT_EQ(sigqueue(::getpid(), SIGRTMIN, value), 0);
  siginfo_t info{};
  EXPECT_EQ(sigwaitinfo(&set, &info), SIGRTMIN);
  EXPECT_EQ(info.si_value.sival_int, 42);
  timespec no_time{};
  EXPECT_EQ(sigtimedwait(&set, &info, &no_time), -1);
  EXPECT_EQ(errno, EAGAIN);
  ASSERT_EQ(pthread_sigmask(SIG_UNBLOCK, &set, nullptr), 0);
}

TEST(Fault, LeadsToAHandlerThatMayEditTheContext) {
  const Action action(SIGSEGV, [](int, siginfo_t* info, void* context) {
    last_address = info->si_addr;
    static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP] += 2; // the length of the load
  });
  asm volatile("movb (%%rax), %%cl" : : "a"(0x1234UL) : "rcx", "memory");
  EXPECT_EQ(last_address, reinterpret_cast<void*>(0x1234));
}

TEST(Fault, OfADivisionIsSigfpe) {
  const Action action(SIGFPE, [](int, siginfo_t* info, void* context) {
    EXPECT_EQ(info->si_code, FPE_INTDIV);
    static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP] +=
        2; // the length of the division
    last_signal = SIGFPE;
  });
  last_signal = 0;
  asm volatile("div %%ecx" : : "a"(1), "d"(0), "c"(0));
  EXPECT_EQ(last_signal, SIGFPE);
}

TEST(Handler, RunsOnTheAlternateStack) {
  static char memory[16384];
  stack_t stack{};
  stack.ss_sp = memory;
  stack.ss_size = sizeof memory;
  ASSERT_EQ(sigaltstack(&stack, nullptr), 0);
  static std::atomic<bool> inside = false;
  {
    const Action action(
        SIGUSR1,
        [](int, siginfo_t*, void*) {
          char local = 0;
          volatile char* here = &local;
          inside = here >= memory && here < memory + sizeof memory;
        },
        SA_ONSTACK);
    EXPECT_EQ(::raise(SIGUSR1), 0);
  }
  EXPECT_TRUE(inside);
  stack.ss_flags = SS_DISABLE;
  EXPECT_EQ(sigaltstack(&stack, nullptr), 0);
}

TEST(AlternateStack, IsForgottenWhenItIsSwitchedOff) {
  static char memory[16384];
  stack_t stack{};
  stack.ss_sp = memory;
  stack.ss_size = sizeof memory;
  ASSERT_EQ(sigaltstack(&stack, nullptr), 0);
  stack.ss_flags = SS_DISABLE;
  ASSERT_EQ(sigaltstack(&stack, nullptr), 0);
  ASSERT_EQ(sigaltstack(nullptr, &stack), 0);
  EXPECT_EQ(stack.ss_flags, SS_DISABLE);
  EXPECT_EQ(stack.ss_sp, nullptr);
  EXPECT_EQ(stack.ss_size, 0U);
}

TEST(AlternateStack, StaysWhileAHandlerRunsOnIt) {
  static char memory[16384];
  stack_t stack{};
  stack.ss_sp = memory;
  stack.ss_size = sizeof memory;
  ASSERT_EQ(sigaltstack(&stack, nullptr), 0);
  static int error = 0;
  static stack_t seen{};
  {
    const Action action(
        SIGUSR1,
        [](int, siginfo_t*, void*) {
          stack_t none{};
          none.ss_flags = SS_DISABLE;
          error = sigaltstack(&none, nullptr) == 0 ? 0 : errno;
          EXPECT_EQ(sigaltstack(nullptr, &seen), 0);
        },
        SA_ONSTACK);
    EXPECT_EQ(::raise(SIGUSR1), 0);
  }
  EXPECT_EQ(error, EPERM);
  EXPECT_EQ(seen.ss_flags, SS_ONSTACK);
  stack.ss_flags = SS_DISABLE;
  EXPECT_EQ(sigaltstack(&stack, &seen), 0);
  EXPECT_EQ(seen.ss_flags, 0);
}

TEST(StopSignal, CannotBeSentSinceNobodyCouldContinue) {
  EXPECT_EQ(::kill(::getpid(), 0), 0);
  EXPECT_EQ(::kill(::getpid(), SIGSTOP), -1);
  EXPECT_EQ(errno, EPERM);
  EXPECT_NE(::raise(SIGSTOP), 0);
  EXPECT_NE(pthread_kill(pthread_self(), SIGSTOP), 0);
  const sigval value{};
  EXPECT_EQ(sigqueue(::getpid(), SIGSTOP, value), -1);
  EXPECT_EQ(errno, EPERM);
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGSTOP;
  timer_t timer{};
  EXPECT_EQ(timer_create(CLOCK_MONOTONIC, &event, &timer), -1);
  EXPECT_EQ(errno, EINVAL);
}

TEST(StopSignal, OfATerminalIsForItsHandlerOrNobody) {
  EXPECT_EQ(::raise(SIGTSTP), 0);
  for (const int signal : {SIGTSTP, SIGTTIN, SIGTTOU}) {
    const Action action(signal, [](int caught, siginfo_t*, void*) { last_signal = caught; });
    EXPECT_EQ(::raise(signal), 0);
    EXPECT_EQ(last_signal, signal);
  }
}

TEST(Handler, KeepsTheVectorRegistersOfInterruptedCode) {
  const Action action(SIGUSR1, [](int signal, siginfo_t*, void*) {
    asm volatile("pcmpeqd %%xmm7, %%xmm7" : : : "xmm7");
    last_signal = signal;
  });
  last_signal = 0;
  const pthread_t self = pthread_self();
  std::thread sender([self] { EXPECT_EQ(pthread_kill(self, SIGUSR1), 0); });
  const std::uint64_t pattern = 0x0123456789abcdefULL;
  bool kept = true;
  while (last_signal == 0) {
    std::uint64_t seen = 0;
    asm volatile("movq %1, %%xmm7\n\t"
                 "mov $20000, %%ecx\n"
                 "1: dec %%ecx\n\t"
                 "jnz 1b\n\t"
                 "movq %%xmm7, %0"
                 : "=r"(seen)
                 : "r"(pattern)
                 : "rcx", "xmm7");
    kept = kept && seen == pattern;
  }
  sender.join();
  EXPECT_TRUE(kept);
}

TEST(Sleep, EndsEarlyForASignal) {
  const Action action(SIGUSR1, [](int, siginfo_t*, void*) {});
  const pthread_t self = pthread_self();
  std::atomic<bool> done = false;
  std::thread sender([&] {
    while (!done) {
      pthread_kill(self, SIGUSR1);
      std::this_thread::sleep_for(1ms);
    }
  });
  timespec hour{3600, 0};
  EXPECT_EQ(nanosleep(&hour, &hour), -1);
  EXPECT_EQ(errno, EINTR);
  EXPECT_GT(hour.tv_sec, 3000);
  done = true;
  sender.join();
}

} // namespace
