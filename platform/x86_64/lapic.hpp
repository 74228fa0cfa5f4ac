// SPDX-License-Identifier: Apache-2.0
// The local APIC of this CPU, through MMIO or, where the processor has it, as x2APIC through
// model-specific registers (Intel SDM vol. 3, chapter 11).
#pragma once

#include <core/result.hpp>
#include <mm/address.hpp>

#include <cstdint>

namespace skerry::x86_64 {

/// Where a local APIC is when nobody says otherwise.
inline constexpr mm::PhysicalAddress default_local_apic{0xfee0'0000};

/// Enables the APIC of this CPU with all sources masked, the NMI pins apart (bit n of `nmi_pins` is
/// LINTn). Context: boot, interrupts off, after hal::set_table_frames().
/// Errors: no_such_device     the processor has none, or it does not answer
///         not_enough_memory  its registers could not be mapped
[[nodiscard]] Result<> start_local_apic(mm::PhysicalAddress address, unsigned nmi_pins);

/// True once start_local_apic() has succeeded.
[[nodiscard]] bool local_apic_is_up();

/// Number of this CPU's APIC: where to send messages.
[[nodiscard]] std::uint32_t local_apic_id();

/// Ends the interrupt that is being served. Context: interrupt.
void end_of_interrupt();

/// True when the APIC waits for the end of interrupt `vector`. Context: interrupt.
[[nodiscard]] bool is_in_service(unsigned vector);

/// The timer of the local APIC (SDM vol. 3, 11.5.4).
namespace local_timer {

/// One interrupt when the count reaches zero, or when the time-stamp counter reaches the deadline.
enum class Mode : std::uint8_t { one_shot, tsc_deadline };

/// How many ticks of the APIC's clock make one of the count.
inline constexpr unsigned divisor = 16;

/// Chooses the mode and the interrupt's vector; nothing is armed then.
void set_up(Mode mode, unsigned vector);

/// One-shot: starts to count down from `count`; 0 disarms.
void set_count(std::uint32_t count);
/// What is left of the count.
[[nodiscard]] std::uint32_t count();

/// TSC deadline: the interrupt comes when the counter is at `tsc` or past it; 0 disarms.
void set_deadline(std::uint64_t tsc);

} // namespace local_timer

} // namespace skerry::x86_64
