// SPDX-License-Identifier: Apache-2.0
// Ends the machine's run.
#pragma once

#include <cstdint>

namespace skerry::hal {

/// Turns the machine off and, where the host can learn of it, reports `status`. Any context.
[[noreturn]] void power_off(std::uint8_t status);

/// Resets the machine. Any context.
[[noreturn]] void reboot();

} // namespace skerry::hal
