// SPDX-License-Identifier: Apache-2.0
// Why a floating-point exception came (Intel SDM vol. 1, 8.5 and 11.5): x87 and SSE have the same
// six flags in the same order, and a mask for each.
#pragma once

#include <core/bytes.hpp>

#include <cstdint>
#include <signal.h>

namespace skerry::x86_64 {

/// The si_code for flags of which at least one is not masked. Flags that are masked stay set from
/// earlier operations and say nothing of this one.
constexpr int floating_point_code(std::uint32_t flags, std::uint32_t masks) {
  const std::uint32_t raised = flags & ~masks;
  if (has_bit(raised, 0)) {
    return FPE_FLTINV;
  }
  if (has_bit(raised, 2)) {
    return FPE_FLTDIV;
  }
  if (has_bit(raised, 3)) {
    return FPE_FLTOVF;
  }
  if (has_bit(raised, 1) || has_bit(raised, 4)) {
    return FPE_FLTUND; // a denormal operand, or a result that is one
  }
  return has_bit(raised, 5) ? FPE_FLTRES : FPE_FLTINV;
}

/// Of the x87's status and control words.
constexpr int x87_fault_code(std::uint16_t status, std::uint16_t control) {
  return floating_point_code(status, control);
}

/// Of SSE's control and status register, which has the masks from bit 7 on.
constexpr int sse_fault_code(std::uint32_t mxcsr) {
  return floating_point_code(mxcsr, mxcsr >> 7);
}

} // namespace skerry::x86_64
