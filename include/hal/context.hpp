// SPDX-License-Identifier: Apache-2.0
// The part of a thread that the processor holds, and the switch from one to another.
#pragma once

#include <core/result.hpp>
#include <mm/address.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace skerry::hal {

/// The saved state of a thread that is not running. Owned by the thread.
struct Context {
  std::uint64_t stack_pointer = 0;
  /// Base of the kernel stack, where doors and faults of this thread begin.
  std::uint64_t kernel_stack_top = 0;
  /// The application's thread pointer (FS base on x86-64).
  std::uint64_t thread_pointer = 0;
  /// Room for all vector registers, context_state_size() bytes, aligned to 64. Null for a thread
  /// that never leaves the floors.
  std::byte* vector_state = nullptr;
  /// The application's vector registers are in use: it was interrupted, or came through door two.
  /// Door one is a function call, which leaves only the control words to keep.
  bool vector_live = false;
  std::uint32_t mxcsr = 0x1f80;
  std::uint16_t x87_control = 0x37f;
};

/// How much room for vector registers a thread of this processor needs, in bytes.
[[nodiscard]] std::size_t vector_state_size();

/// Writes the state of a fresh program into `state` (vector_state_size() bytes, aligned to 64).
void initialise_vector_state(std::span<std::byte> state);

/// Prepares `context` so that the first switch to it calls `entry(argument)` on its kernel stack
/// with interrupts off. `entry` never returns.
void prepare_context(Context& context, mm::VirtualAddress kernel_stack_top,
                     void (*entry)(void* argument), void* argument);

/// Saves the running thread in `from` and goes on with `to`. Interrupts are off. Returns when
/// somebody switches back to `from`.
void switch_context(Context& from, Context& to);

/// Leaves the floors for application code at `entry` with a fresh register state, on `stack`.
/// The running thread's kernel stack is empty afterwards. `argument` arrives as the first argument.
[[noreturn]] void enter_application(mm::VirtualAddress entry, mm::VirtualAddress stack,
                                    std::uint64_t argument);

/// Sets the application's thread pointer of the running thread.
void set_thread_pointer(std::uint64_t value);
/// The application's thread pointer of the running thread.
[[nodiscard]] std::uint64_t thread_pointer();

} // namespace skerry::hal
