// SPDX-License-Identifier: Apache-2.0
// How the application's registers are put aside for a signal handler and taken back.
#pragma once

#include <core/result.hpp>
#include <hal/registers.hpp>
#include <mm/address.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace skerry::hal {

/// What a handler finds: the layout of siginfo_t and ucontext_t is Linux' for this processor.
struct SignalFrame {
  int signal = 0;
  std::uint64_t handler = 0;
  std::uint64_t restorer = 0; ///< where the handler returns to
  /// Top of the alternate stack, or 0 to go on below the interrupted code's.
  std::uint64_t stack_top = 0;
  std::uint64_t mask = 0;                     ///< blocked signals that sigreturn restores
  std::span<const std::byte> info;            ///< siginfo_t
  std::span<const std::byte> alternate_stack; ///< stack_t
  std::uint64_t fault_address = 0;
};

/// Saves all registers on the application's stack and leads `registers` to the handler.
/// Context: thread, the running one's frame. Errors: bad_address  the stack cannot be written
[[nodiscard]] Result<> push_signal_frame(RegisterFrame& registers, const SignalFrame& request);

/// Takes all registers back from the ucontext at `context` and returns the mask in it. What the
/// application may not set is left as it must be.
/// Errors: bad_address
[[nodiscard]] Result<std::uint64_t> pop_signal_frame(RegisterFrame& registers,
                                                     mm::VirtualAddress context);

/// Arguments of a system call, and its number.
struct CallWords {
  std::uint64_t arguments[6] = {};
  std::uint64_t number = 0;
};

/// Makes the caller of a door issue `call` again when it goes on.
void restart_call(RegisterFrame& registers, const CallWords& call);

/// The frame is that of a call through a door.
[[nodiscard]] bool is_call(const RegisterFrame& registers);

/// Stack pointer of the application's code.
[[nodiscard]] std::uint64_t stack_pointer(const RegisterFrame& registers);
/// Stack pointer of the application's code that has called. Context: a call, before it blocks.
[[nodiscard]] std::uint64_t caller_stack_pointer();
/// Where the application goes on.
[[nodiscard]] std::uint64_t instruction_pointer(const RegisterFrame& registers);

/// Frame pointer of the application's code, for a backtrace.
[[nodiscard]] std::uint64_t frame_pointer(const RegisterFrame& registers);

/// A processor exception in POSIX' terms.
struct FaultSignal {
  int signal;
  int code;
  bool is_write = false; ///< of a page fault
};
[[nodiscard]] FaultSignal signal_of_fault(const RegisterFrame& registers, unsigned vector);

/// Writes registers, cause and backtrace of a fault to the console and ends the run.
[[noreturn]] void report_fault(const RegisterFrame& registers, std::uint64_t address);

} // namespace skerry::hal
