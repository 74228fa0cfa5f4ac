// SPDX-License-Identifier: Apache-2.0
// The machine's power: ending its run, and being asked to.
#pragma once

#include <core/result.hpp>

#include <cstdint>

namespace skerry::hal {

/// Turns the machine off and, where the host can learn of it, reports `status`. Any context.
[[noreturn]] void power_off(std::uint8_t status);

/// Resets the machine. Any context.
[[noreturn]] void reboot();

/// Calls `handler` in interrupt context each time that the machine's power button is pressed.
/// Context: boot or thread, after start_interrupts().
/// Errors: no_such_device  there is none, or none that can be listened to
[[nodiscard]] Result<> on_power_button(void (*handler)(void*), void* context);

} // namespace skerry::hal
