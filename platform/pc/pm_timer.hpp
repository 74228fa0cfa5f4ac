// SPDX-License-Identifier: Apache-2.0
// ACPI's power management timer: a counter at 3.579545 MHz (ACPI 6.5, 4.8.3.3).
#pragma once

#include "platform/pc/acpi/acpi_info.hpp"
#include "platform/x86_64/clock.hpp"

#include <core/result.hpp>

namespace skerry::pc {

/// Makes the PM timer ready to be read. Context: boot, after hal::set_table_frames().
/// Errors: no_such_device     the machine has none
///         not_enough_memory  its register could not be mapped
[[nodiscard]] Result<x86_64::ReferenceCounter> start_pm_timer(const acpi::AcpiInfo& info);

} // namespace skerry::pc
