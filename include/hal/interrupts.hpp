// SPDX-License-Identifier: Apache-2.0
// Device interrupts: vectors of the CPU and the lines and messages that lead to them.
#pragma once

#include <core/result.hpp>
#include <mm/address.hpp>

#include <cstdint>

namespace skerry::hal {

/// A handler acknowledges its device, marks what happened and wakes; nothing else (DESIGN 8).
/// Returns whether its device had a reason to interrupt: a message always has, a line may be
/// shared. Runs on an interrupt stack with interrupts off.
using InterruptHandler = bool (*)(void* context);

/// Where a device writes to, and what, to raise its interrupt (PCI 3.0, 6.8).
struct MessageSignal {
  mm::PhysicalAddress address;
  std::uint32_t data = 0;
};

/// Reserves a vector of this CPU for messages and connects it.
/// Errors: no_space_on_device  all vectors are taken
[[nodiscard]] Result<MessageSignal> connect_message_interrupt(InterruptHandler handler,
                                                              void* context);

/// Connects a global interrupt line (ACPI's numbering). Several handlers may share a line; each is
/// called and looks at its own device. A line that comes again and again while no handler finds a
/// reason is masked for good, in words: it would let nothing else run.
/// Errors: no_such_device       no interrupt controller has that line
///         no_space_on_device   all vectors are taken
[[nodiscard]] Result<> connect_line_interrupt(std::uint32_t line, bool level_triggered,
                                              bool active_low, InterruptHandler handler,
                                              void* context);

} // namespace skerry::hal
