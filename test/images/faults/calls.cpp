// SPDX-License-Identifier: Apache-2.0
// Jumps to what is not code, and instructions that cannot be executed.
#include "faults.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <memory>

namespace {

using Function = void (*)();
using Instructions = std::array<unsigned char, 16>;

constexpr unsigned char instruction_ret = 0xc3;

Instructions data_with_code{instruction_ret};

/// The compiler knows nothing of the function behind this pointer.
[[gnu::always_inline]] inline void call(std::uintptr_t address) {
  volatile std::uintptr_t word = address;
  reinterpret_cast<Function>(word)();
}

[[gnu::always_inline]] inline void call(Instructions& code) {
  asm volatile("" ::: "memory"); // the bytes are in memory before they are executed
  call(reinterpret_cast<std::uintptr_t>(code.data()));
}

} // namespace

[[gnu::noinline]] void call_null() {
  call(0);
  survived();
}

[[gnu::noinline]] void call_heap() {
  const auto code = std::make_unique<Instructions>(Instructions{instruction_ret});
  call(*code);
  survived();
}

[[gnu::noinline]] void call_stack() {
  Instructions code{instruction_ret};
  call(code);
  survived();
}

[[gnu::noinline]] void call_static_data() {
  call(data_with_code);
  survived();
}

[[gnu::noinline]] void divide_by_zero() {
  volatile int zero = 0;
  int quotient = 1;
  asm volatile("cltd; idivl %1" : "+a"(quotient) : "r"(zero) : "edx", "cc");
  std::printf("%d\n", quotient);
  survived();
}

[[gnu::noinline]] void run_invalid_instruction() {
  asm volatile("ud2");
  survived();
}
