// SPDX-License-Identifier: Apache-2.0
// The registers of interrupted code, in the order in which the trap stubs push them.
#pragma once

#include "platform/x86_64/offsets.h"

#include <hal/registers.hpp>

#include <cstddef>
#include <cstdint>

namespace skerry::hal {

/// Lies on an interrupt stack while a trap is classified, and on the thread's kernel stack after.
struct RegisterFrame {
  std::uint64_t r15, r14, r13, r12, r11, r10, r9, r8;
  std::uint64_t rdi, rsi, rbp, rbx, rdx, rcx, rax;
  std::uint32_t vector;
  /// The code was the application's, not a floor's.
  std::uint32_t from_application;
  std::uint64_t error_code;
  std::uint64_t rip, cs, rflags, rsp, ss;
};
static_assert(sizeof(RegisterFrame) == FRAME_SIZE);
static_assert(offsetof(RegisterFrame, vector) == 15 * 8);

} // namespace skerry::hal

namespace skerry::x86_64 {
using hal::RegisterFrame;
}
