// SPDX-License-Identifier: Apache-2.0
// Floating-point exceptions that are not masked: their causes, and a context that can be edited.
#include <cstdint>
#include <gtest/gtest.h>
#include <signal.h>
#include <ucontext.h>

namespace {

constexpr std::uint16_t x87_default = 0x037f;
constexpr std::uint32_t sse_default = 0x1f80;

volatile int seen_code = 0;
volatile int times = 0;

/// Notes the cause, and lets the interrupted code go on with every exception masked.
void mask_all(int, siginfo_t* info, void* context) {
  seen_code = info->si_code;
  times = times + 1;
  auto& state = *static_cast<ucontext_t*>(context)->uc_mcontext.fpregs;
  state.cwd = x87_default;
  state.swd = static_cast<std::uint16_t>(state.swd & 0x7f00);
  state.mxcsr = sse_default;
}

class FloatingPoint : public testing::Test {
protected:
  FloatingPoint() {
    struct sigaction action{};
    action.sa_sigaction = mask_all;
    action.sa_flags = SA_SIGINFO;
    EXPECT_EQ(sigaction(SIGFPE, &action, &old_), 0);
    seen_code = 0;
    times = 0;
  }
  ~FloatingPoint() override { EXPECT_EQ(sigaction(SIGFPE, &old_, nullptr), 0); }

private:
  struct sigaction old_{};
};

/// left / right on the x87 with the exceptions of `flags` not masked; the control word afterwards.
std::uint16_t divide(double left, double right, unsigned flags) {
  const auto control = static_cast<std::uint16_t>(x87_default & ~flags);
  std::uint16_t after = 0;
  double result = 0;
  asm volatile("fninit\n\t"
               "fldcw %2\n\t"
               "fldl %3\n\t"
               "fdivl %4\n\t"
               "fwait\n\t"
               "fstpl %1\n\t"
               "fwait\n\t"
               "fnstcw %0\n\t"
               "fninit"
               : "=m"(after), "=m"(result)
               : "m"(control), "m"(left), "m"(right)
               : "st", "st(1)", "st(2)", "st(3)", "st(4)", "st(5)", "st(6)", "st(7)", "memory");
  return after;
}

TEST_F(FloatingPoint, TellsTheCauseOnTheX87) {
  EXPECT_EQ(divide(1, 0, 0b00'0100), x87_default) << "what the handler has put into the context";
  EXPECT_EQ(seen_code, FPE_FLTDIV);
  divide(0, 0, 0b00'0001);
  EXPECT_EQ(seen_code, FPE_FLTINV);
  divide(1, 3, 0b10'0000);
  EXPECT_EQ(seen_code, FPE_FLTRES);
  divide(1e308, 1e-308, 0b00'1000); // overflows when it is stored as a double
  EXPECT_EQ(seen_code, FPE_FLTOVF);
  divide(1e-308, 1e308, 0b01'0000);
  EXPECT_EQ(seen_code, FPE_FLTUND);
  EXPECT_EQ(times, 5);
}

TEST_F(FloatingPoint, IsQuietWhileMasked) {
  divide(1, 0, 0);
  divide(0, 0, 0b00'0100);
  EXPECT_EQ(times, 0);
}

/// left / right by SSE with the exceptions of `flags` not masked; the control register afterwards.
std::uint32_t divide_by_sse(double left, double right, unsigned flags) {
  const std::uint32_t control = sse_default & ~(flags << 7);
  std::uint32_t after = 0;
  asm volatile("ldmxcsr %2\n\t"
               "divsd %3, %1\n\t"
               "stmxcsr %0\n\t"
               "ldmxcsr %4"
               : "=m"(after), "+x"(left)
               : "m"(control), "m"(right), "m"(sse_default)
               : "memory");
  return after;
}

TEST_F(FloatingPoint, TellsTheCauseOfSse) {
  const std::uint32_t after = divide_by_sse(1, 0, 0b00'0100);
  if (times == 0)
    GTEST_SKIP() << "this processor is emulated and raises no exceptions of SSE";
  EXPECT_EQ(after & 0x1f80, sse_default) << "what the handler has put into the context";
  EXPECT_EQ(seen_code, FPE_FLTDIV);
  divide_by_sse(0, 0, 0b00'0001);
  EXPECT_EQ(seen_code, FPE_FLTINV);
  divide_by_sse(1e308, 1e-308, 0b00'1000);
  EXPECT_EQ(seen_code, FPE_FLTOVF);
  divide_by_sse(1e-308, 1e308, 0b01'0000);
  EXPECT_EQ(seen_code, FPE_FLTUND);
  divide_by_sse(1, 3, 0b10'0000);
  EXPECT_EQ(seen_code, FPE_FLTRES);
}

} // namespace
