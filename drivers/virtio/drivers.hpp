// SPDX-License-Identifier: Apache-2.0
// The rows of the drivers' table for virtio devices.
#pragma once

#include "drivers/drivers.hpp"

namespace skerry::virtio {

namespace detail {
bool is_net(const device::BusId& id);
bool is_entropy(const device::BusId& id);
Result<> start_net(device::BusDevice& device);
Result<> start_entropy(device::BusDevice& device);
} // namespace detail

inline constexpr drivers::Driver net_driver{
    .name = "virtio-net", .matches = detail::is_net, .start = detail::start_net};
inline constexpr drivers::Driver entropy_driver{
    .name = "virtio-rng", .matches = detail::is_entropy, .start = detail::start_entropy};

} // namespace skerry::virtio
