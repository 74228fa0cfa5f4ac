// SPDX-License-Identifier: Apache-2.0
// The registry: which devices were found and brought up. Drivers add, services ask.
#pragma once

#include <core/result.hpp>
#include <device/console.hpp>
#include <device/entropy_source.hpp>
#include <device/net_device.hpp>

#include <cstddef>
#include <span>

namespace skerry::kernel {

/// Most devices of one kind; more are reported and left alone.
inline constexpr std::size_t max_devices_of_a_kind = 16;

/// Enters a device. It must live for ever. Context: boot.
/// Errors: no_space_on_device  there are max_devices_of_a_kind already
[[nodiscard]] Result<> add_net_device(device::NetDevice& device);
[[nodiscard]] Result<> add_entropy_source(device::EntropySource& source);
[[nodiscard]] Result<> add_console(device::Console& console);

/// In the order in which they were added. Immutable after boot. Context: any.
[[nodiscard]] std::span<device::NetDevice* const> net_devices();
[[nodiscard]] std::span<device::EntropySource* const> entropy_sources();
[[nodiscard]] std::span<device::Console* const> consoles();

} // namespace skerry::kernel
