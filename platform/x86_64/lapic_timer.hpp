// SPDX-License-Identifier: Apache-2.0
// hal::arm_timer() by means of the local APIC's timer.
#pragma once

namespace skerry::x86_64 {

/// Chooses between a countdown and the TSC deadline. Nothing is armed yet but what was armed with
/// hal::arm_timer() before. Context: boot, after start_local_apic() and the clock.
void start_local_timer();

/// The timer's vector came. Context: interrupt.
void handle_local_timer();

} // namespace skerry::x86_64
