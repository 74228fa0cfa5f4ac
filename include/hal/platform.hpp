// SPDX-License-Identifier: Apache-2.0
// The phases in which a platform comes up, in the order in which the boot page calls them.
#pragma once

#include <core/result.hpp>

namespace skerry::kernel {
struct BootInfo;
}

namespace skerry::hal {

/// Makes console_write() work. Needs nothing. Context: boot, first.
void start_console();

/// Finds out what the machine has (firmware tables). Needs paging. Context: boot.
/// Errors: not_enough_memory
[[nodiscard]] Result<> discover_platform(const kernel::BootInfo& info);

/// Chooses the clock; monotonic_now() is coarse before it. Context: boot.
/// Errors: no_such_device  the machine has no clock at all
[[nodiscard]] Result<> start_clock();

/// Brings up the interrupt controllers and the timer, and turns interrupts on. Context: boot.
/// Errors: no_such_device  the processor has no local APIC
[[nodiscard]] Result<> start_interrupts();

} // namespace skerry::hal
