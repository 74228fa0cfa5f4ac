// SPDX-License-Identifier: Apache-2.0
// The registers that end a run, made ready while pages can still be mapped.
#pragma once

#include "platform/pc/acpi/acpi_info.hpp"

#include <core/result.hpp>

namespace skerry::pc {

/// Maps what hal::power_off(), hal::reboot() and the power button use. Before it, and without ACPI,
/// the first two use what does not need tables. Context: boot, after hal::set_table_frames().
/// Errors: not_enough_memory
[[nodiscard]] Result<> prepare_power(const acpi::AcpiInfo& info);

} // namespace skerry::pc
