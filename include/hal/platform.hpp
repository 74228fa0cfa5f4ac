// SPDX-License-Identifier: Apache-2.0
// The phases in which a platform comes up, in the order in which the boot page calls them.
#pragma once

#include <core/result.hpp>

#include <span>
#include <string_view>

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

/// Finds the devices of all buses and starts their drivers. `mmio_devices` are the values of the
/// kernel arguments `virtio_mmio.device=`, which no bus tells of. A device that does not work is
/// reported and left alone. Context: boot, with interrupts and threads.
/// Errors: invalid_argument  a value is not SIZE@ADDRESS:LINE; the log says which
[[nodiscard]] Result<> start_devices(std::span<const std::string_view> mmio_devices);

} // namespace skerry::hal
