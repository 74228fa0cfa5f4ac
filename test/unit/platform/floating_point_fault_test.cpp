// SPDX-License-Identifier: Apache-2.0
// The cause of a floating-point exception from the flags of x87 and SSE.
#include "platform/x86_64/floating_point_fault.hpp"

#include <gtest/gtest.h>

namespace skerry::x86_64 {
namespace {

constexpr std::uint16_t all_masked = 0x037f;
constexpr std::uint32_t sse_masks = 0x1f80;

struct Cause {
  unsigned flag; ///< number of its bit
  int code;
};
constexpr Cause causes[] = {{0, FPE_FLTINV}, {1, FPE_FLTUND}, {2, FPE_FLTDIV},
                            {3, FPE_FLTOVF}, {4, FPE_FLTUND}, {5, FPE_FLTRES}};

TEST(FloatingPointFault, IsNamedByTheFlagThatIsNotMasked) {
  for (const auto& [flag, code] : causes) {
    const auto control = static_cast<std::uint16_t>(all_masked & ~(1U << flag));
    EXPECT_EQ(x87_fault_code(static_cast<std::uint16_t>(1U << flag), control), code) << flag;
    EXPECT_EQ(sse_fault_code((sse_masks & ~(1U << (flag + 7))) | 1U << flag), code) << flag;
  }
}

TEST(FloatingPointFault, IsNotNamedByFlagsOfEarlierOperations) {
  // Inexact and invalid are set and masked; what counts is the division.
  EXPECT_EQ(x87_fault_code(0b10'0101, all_masked & ~0b100), FPE_FLTDIV);
  EXPECT_EQ(sse_fault_code((sse_masks & ~(0b100U << 7)) | 0b10'0101), FPE_FLTDIV);
}

TEST(FloatingPointFault, HasACodeEvenWithoutAFlag) {
  EXPECT_EQ(x87_fault_code(0, all_masked), FPE_FLTINV);
  EXPECT_EQ(sse_fault_code(sse_masks), FPE_FLTINV);
}

} // namespace
} // namespace skerry::x86_64
