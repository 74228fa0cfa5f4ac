// SPDX-License-Identifier: Apache-2.0
// What each CPU has of its own. On x86-64 the GS base points to it, and the first fields are used
// by assembly and by the compiler's stack protector (platform/x86_64/offsets.h).
#pragma once

#include <cstddef>
#include <cstdint>

namespace skerry::kernel {
class Thread;
}

namespace skerry::hal {

struct Context;

/// Bits of PerCpu::pending: what the next way out of a floor has to look at.
enum Pending : std::uint32_t {
  pending_reschedule = 1U << 0,
  pending_signal = 1U << 1,
};

/// Written by its own CPU only; interrupt handlers may set bits of `pending`.
struct PerCpu {
  PerCpu* self = nullptr;
  /// Where a door or a fault of the running thread puts its kernel stack.
  std::uint64_t kernel_stack_top = 0;
  volatile std::uint32_t pending = 0;
  /// True while this CPU runs a floor: set by the doors, never inferred from an address.
  volatile std::uint8_t in_floor = 1;
  std::uint8_t reserved[3] = {};
  kernel::Thread* current = nullptr;
  /// The application's stack pointer while door two has no register for it.
  std::uint64_t user_stack = 0;
  std::uint64_t stack_canary = 0;
  /// Of the running thread; null before there are threads.
  Context* context = nullptr;
  /// Of the last page fault; valid until interrupts are on again.
  std::uint64_t fault_address = 0;
  std::uint32_t number = 0;
  /// Depth of interrupt handlers; blocking and allocation are refused while it is not zero.
  std::uint32_t interrupt_depth = 0;
  std::uint64_t interrupt_count = 0; ///< since boot; so is the next
  std::uint64_t switch_count = 0;    ///< from one thread to another
};

/// The CPU that runs this.
[[nodiscard]] PerCpu& this_cpu();

} // namespace skerry::hal
