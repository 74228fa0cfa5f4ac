// SPDX-License-Identifier: Apache-2.0
// The table of drivers: which device is whose. Who finds a device on a bus offers it here.
#pragma once

#include <core/result.hpp>
#include <device/bus.hpp>

#include <string_view>

namespace skerry::drivers {

/// A row of the table.
struct Driver {
  std::string_view name;
  bool (*matches)(const device::BusId& id);
  /// Brings the device up and enters it into the registry of kernel/devices.hpp.
  Result<> (*start)(device::BusDevice& device);
};

/// Starts the driver that the device matches. Returns false when there is none; a driver that fails
/// has said why. Context: boot.
bool offer(device::BusDevice& device);

} // namespace skerry::drivers
