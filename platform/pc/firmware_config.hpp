// SPDX-License-Identifier: Apache-2.0
// QEMU's firmware configuration (docs/specs/fw_cfg in QEMU): what a machine without ACPI says of
// itself nowhere else.
#pragma once

#include <cstdint>
#include <optional>

namespace skerry::pc {

/// How many processors QEMU started; nothing when this is not QEMU. Context: boot.
[[nodiscard]] std::optional<std::uint16_t> qemu_processor_count();

} // namespace skerry::pc
