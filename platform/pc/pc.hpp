// SPDX-License-Identifier: Apache-2.0
// The PC as a machine, for those who put it together: what was found, and what can be asked of it
// beyond include/hal. It comes up in the order of hal/platform.hpp: start_console(),
// discover_platform(), start_clock(), start_interrupts().
#pragma once

#include "platform/pc/acpi/acpi_info.hpp"

#include <core/result.hpp>
#include <device/console.hpp>
#include <hal/interrupts.hpp>

#include <cstdint>

namespace skerry::pc {

/// What the firmware's tables say; empty before hal::discover_platform(). Any context.
[[nodiscard]] const acpi::AcpiInfo& acpi_info();

/// COM1. Any context. Writes nothing and reads nothing on a machine without it.
[[nodiscard]] device::Console& serial_console();

/// Connects interrupt `irq` (0 to 15) of the ISA bus, wherever the machine has led it. Context:
/// boot or thread, after hal::start_interrupts() has the controllers up.
/// Errors: as hal::connect_line_interrupt()
[[nodiscard]] Result<> connect_isa_interrupt(std::uint8_t irq, hal::InterruptHandler handler,
                                             void* context);

/// Connects the system control interrupt, whose number is the FADT's: an ISA interrupt, or a global
/// line on a machine without legacy controllers. Context and errors as above.
[[nodiscard]] Result<> connect_system_control_interrupt(std::uint16_t number,
                                                        hal::InterruptHandler handler,
                                                        void* context);

/// Lets the console receive. Part of hal::start_interrupts().
/// Errors: as hal::connect_line_interrupt()
[[nodiscard]] Result<> start_console_input();

} // namespace skerry::pc
