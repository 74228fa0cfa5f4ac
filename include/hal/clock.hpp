// SPDX-License-Identifier: Apache-2.0
// Time: one clock that never goes back, one shot of an alarm per CPU, and the wall clock.
#pragma once

#include <core/result.hpp>
#include <core/units.hpp>

#include <cstdint>
#include <string_view>

namespace skerry::hal {

/// Time since the image was entered. Never goes back, on any CPU. Any context.
[[nodiscard]] Instant monotonic_now();

/// Asks for one timer interrupt on this CPU at `deadline` or as soon after as the hardware can.
/// Replaces what was armed before; a deadline in the past fires at once; Instant::never() disarms.
/// Interrupts may be on or off. The interrupt arrives as kernel::on_timer_interrupt().
void arm_timer(Instant deadline);

/// Nanoseconds since 1970-01-01 00:00 UTC at this moment.
/// Errors: no_such_device   the machine has no clock that keeps the date
[[nodiscard]] Result<std::int64_t> wall_clock_nanoseconds();

/// What monotonic_now() is made from ("tsc", "acpi-pm", "pvclock"), for the boot log.
[[nodiscard]] std::string_view clock_source_name();

} // namespace skerry::hal
