// SPDX-License-Identifier: Apache-2.0
// Which of the processor's vectors mean what, and the call that the trap code makes for those that
// are interrupts. Vectors 0x00 to 0x1f are the processor's exceptions (Intel SDM vol. 3, table
// 6-1).
#pragma once

#include <core/result.hpp>
#include <hal/interrupts.hpp>

#include <cstdint>

namespace skerry::x86_64 {

/// The legacy interrupt controllers are moved here and masked; only their spurious interrupts can
/// arrive, at 0x27 and 0x2f.
inline constexpr unsigned legacy_vectors = 0x20;
/// Given out to devices, ascending: messages and lines alike.
inline constexpr unsigned first_device_vector = 0x30;
inline constexpr unsigned last_device_vector = 0xef;
inline constexpr unsigned timer_vector = 0xf0;
/// The low four bits are ones because old local APICs force them (SDM vol. 3, 11.9).
inline constexpr unsigned spurious_vector = 0xff;
inline constexpr unsigned vector_count = 256;

/// Serves the interrupt `vector` (0x20 to 0xff): calls its handlers, tells the local APIC, counts.
/// Interrupts that nobody asked for are counted and named once. Context: interrupt, on an interrupt
/// stack, interrupts off.
void dispatch_interrupt(unsigned vector);

/// How often dispatch_interrupt() ran for `vector` (below 0x100). Any context.
[[nodiscard]] std::uint64_t interrupt_count(unsigned vector);

/// Reserves a device vector for `handler`. Context: boot or thread.
/// Errors: no_space_on_device  all vectors, or all places for handlers, are taken
[[nodiscard]] Result<std::uint8_t> allocate_vector(hal::InterruptHandler handler, void* context);

/// Adds one more handler to a vector that allocate_vector() returned, for a line that is shared.
/// Errors: no_space_on_device  all places for handlers are taken
[[nodiscard]] Result<> share_vector(std::uint8_t vector, hal::InterruptHandler handler,
                                    void* context);

} // namespace skerry::x86_64
