// SPDX-License-Identifier: Apache-2.0
// Which device is whose, by the image's table of drivers. Who finds a device on a bus offers it
// here.
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

/// The drivers that this image was linked with, ended by a null pointer. Not part of the kernel
/// object: CMake writes it (cmake/sdk/image.cmake, cmake/sdk/defaults.c).
extern "C" const skerry::drivers::Driver* const __skerry_drivers[];
