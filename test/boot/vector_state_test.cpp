// SPDX-License-Identifier: Apache-2.0
// Every vector register, the x87 stack and both control words stay with their thread when it is
// preempted, and come back from a signal handler.
#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <gtest/gtest.h>
#include <pthread.h>
#include <thread>
#include <vector>

namespace {

/// What is in the registers: 16 of 32 bytes, of which without AVX only the first 16 count, and the
/// stack of the x87.
struct Registers {
  std::array<std::array<std::uint64_t, 4>, 16> vectors{};
  std::array<double, 8> stack{};
  std::uint32_t mxcsr = 0;
  std::uint16_t x87_control = 0;

  bool operator==(const Registers&) const = default;
};

#define EACH(of) of(0) of(1) of(2) of(3) of(4) of(5) of(6) of(7)
#define EACH_VECTOR(of) EACH(of) of(8) of(9) of(10) of(11) of(12) of(13) of(14) of(15)
#define LOAD_X87(n) "fldl 8*" #n "(%[from_stack])\n\t"
#define STORE_X87(n) "fstpl 8*(7-" #n ")(%[to_stack])\n\t"
#define LOAD_XMM(n) "movdqu 32*" #n "(%[from]), %%xmm" #n "\n\t"
#define STORE_XMM(n) "movdqu %%xmm" #n ", 32*" #n "(%[to])\n\t"
#define LOAD_YMM(n) "vmovdqu 32*" #n "(%[from]), %%ymm" #n "\n\t"
#define STORE_YMM(n) "vmovdqu %%ymm" #n ", 32*" #n "(%[to])\n\t"

/// Loads all registers, spins for a while without a call, and stores them. The default control
/// words are back afterwards.
#define SPIN_WITH(load, store)                                                                     \
  asm volatile("fninit\n\t"                                                                        \
               "ldmxcsr %[mxcsr]\n\t"                                                              \
               "fldcw %[x87]\n\t" EACH(LOAD_X87)                                                   \
                   EACH_VECTOR(load) "mov $20000, %%ecx\n"                                         \
                                     "1: dec %%ecx\n\t"                                            \
                                     "jnz 1b\n\t"                                                  \
                                     "stmxcsr %[seen_mxcsr]\n\t"                                   \
                                     "fnstcw %[seen_x87]\n\t" EACH_VECTOR(store)                   \
                                         EACH(STORE_X87) "fninit\n\t"                              \
                                                         "ldmxcsr %[default_mxcsr]"                \
               : [seen_mxcsr] "=m"(seen.mxcsr), [seen_x87] "=m"(seen.x87_control)                  \
               : [mxcsr] "m"(wanted.mxcsr), [x87] "m"(wanted.x87_control),                         \
                 [default_mxcsr] "m"(default_mxcsr), [from] "r"(wanted.vectors.data()),            \
                 [to] "r"(seen.vectors.data()), [from_stack] "r"(wanted.stack.data()),             \
                 [to_stack] "r"(seen.stack.data())                                                 \
               : "rcx", "cc", "memory", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6",    \
                 "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15",     \
                 "st", "st(1)", "st(2)", "st(3)", "st(4)", "st(5)", "st(6)", "st(7)")

constexpr std::uint32_t default_mxcsr = 0x1f80;

bool has_avx() {
  return __builtin_cpu_supports("avx") != 0;
}

Registers spin_with(const Registers& wanted) {
  Registers seen;
  if (has_avx())
    SPIN_WITH(LOAD_YMM, STORE_YMM);
  else
    SPIN_WITH(LOAD_XMM, STORE_XMM);
  return seen;
}

/// Other contents for each number.
Registers pattern(unsigned number) {
  Registers registers;
  for (std::size_t i = 0; i < registers.vectors.size(); ++i)
    for (std::size_t word = 0; word < (has_avx() ? 4 : 2); ++word)
      registers.vectors[i][word] = 0x0101'0101'0101'0101 * (number + 1) + i * 4 + word;
  for (std::size_t i = 0; i < registers.stack.size(); ++i)
    registers.stack[i] = 100.0 * number + static_cast<double>(i);
  registers.mxcsr = default_mxcsr | (number % 4) << 13; // rounding
  registers.x87_control = static_cast<std::uint16_t>(0x037f | (number % 4) << 10);
  return registers;
}

TEST(Preemption, KeepsEveryVectorRegisterAndTheX87) {
  constexpr unsigned count = 3;
  constexpr unsigned long enough = 8;
  std::atomic<unsigned> last = count;
  std::array<std::atomic<unsigned long>, count> turns{};
  std::array<bool, count> kept{};
  const auto all_had_enough = [&] {
    return std::ranges::all_of(turns, [](const auto& number) { return number >= enough; });
  };
  std::vector<std::thread> threads;
  for (unsigned number = 0; number < count; ++number) {
    threads.emplace_back([&, number] {
      const Registers wanted = pattern(number);
      bool same = true;
      while (!all_had_enough()) {
        same = spin_with(wanted) == wanted && same;
        if (last.exchange(number) != number)
          ++turns[number]; // another has run since, and nobody makes a call
      }
      kept[number] = same;
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  for (const bool same : kept)
    EXPECT_TRUE(same);
}

std::atomic<int> signals_taken = 0;

void clobber_all(int) {
  const Registers others = pattern(7);
  EXPECT_EQ(spin_with(others), others);
  ++signals_taken;
}

TEST(SignalHandler, GivesEveryVectorRegisterAndTheX87Back) {
  const auto old = std::signal(SIGUSR1, clobber_all);
  signals_taken = 0;
  const pthread_t self = pthread_self();
  std::thread sender([self] {
    for (int sent = 0; sent < 8; ++sent) {
      EXPECT_EQ(pthread_kill(self, SIGUSR1), 0);
      while (signals_taken == sent)
        std::this_thread::yield();
    }
  });
  const Registers wanted = pattern(2);
  bool kept = true;
  while (signals_taken < 8)
    kept = spin_with(wanted) == wanted && kept;
  sender.join();
  EXPECT_TRUE(kept);
  std::signal(SIGUSR1, old);
}

} // namespace
