// SPDX-License-Identifier: Apache-2.0
// Exceptions: telling those that the kernel can resolve from those that end the run.
#pragma once

#include "platform/x86_64/register_frame.hpp"

#include <cstdint>

namespace skerry::x86_64 {

/// Vectors of the exceptions that are told apart (Intel SDM vol. 3, table 6-1).
enum Exception : std::uint32_t {
  exception_divide = 0,
  exception_nmi = 2,
  exception_breakpoint = 3,
  exception_invalid_opcode = 6,
  exception_double_fault = 8,
  exception_general_protection = 13,
  exception_page_fault = 14,
  exception_x87 = 16,
  exception_machine_check = 18,
  exception_sse = 19,
};

/// The address of the last page fault. Only valid before another can happen.
[[nodiscard]] inline std::uint64_t fault_address() {
  std::uint64_t address = 0;
  asm volatile("movq %%cr2, %0" : "=r"(address));
  return address;
}

/// Writes registers, cause and backtrace to the console and stops the machine.
[[noreturn]] void report_fault(const RegisterFrame& frame, std::uint64_t address);

} // namespace skerry::x86_64
