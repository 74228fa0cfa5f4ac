// SPDX-License-Identifier: Apache-2.0
// What the platform's interrupt code calls in the kernel.
#pragma once

namespace skerry::kernel {

/// The deadline given to hal::arm_timer() on this CPU has passed and nothing is armed any more: the
/// kernel looks at its timers and arms the next deadline. Called once for each deadline, never
/// before it. Context: interrupt, on an interrupt stack, interrupts off. Marks and wakes only
/// (DESIGN, decision 8).
void on_timer_interrupt();

} // namespace skerry::kernel
