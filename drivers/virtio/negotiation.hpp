// SPDX-License-Identifier: Apache-2.0
// How a virtio device is brought up (virtio 1.2, 3.1), with waits that end.
#pragma once

#include "drivers/virtio/transport.hpp"

#include <core/result.hpp>

#include <cstdint>
#include <span>

namespace skerry::virtio {

// Feature bits that every device has (6).
inline constexpr unsigned feature_any_layout = 27; // of legacy devices
inline constexpr unsigned feature_event_index = 29;
inline constexpr unsigned feature_version_1 = 32;

/// Resets the device and agrees with it on features: those of `wanted` that it offers. What it
/// offers beside is ignored. Leaves the device ready for its queues. Context: boot or thread.
/// Errors: timed_out      the device does not come out of its reset (V13)
///         not_supported  the device does not accept what it offered, or is of no standard (V12)
[[nodiscard]] Result<std::uint64_t> negotiate(Transport& transport, std::uint64_t wanted);

/// Lets the device go to work.
void set_driver_ok(Transport& transport);

/// Tells that the device has broken a rule, and resets it: it does nothing from here on.
void mark_broken(Transport& transport, std::string_view rule);

/// Reads a part of the configuration at once: again as long as it changes meanwhile, eight times at
/// most (V10). Returns false when it never stood still.
[[nodiscard]] bool read_config(const Transport& transport, std::uint32_t offset,
                               std::span<std::uint8_t> bytes);

} // namespace skerry::virtio
