// SPDX-License-Identifier: Apache-2.0
// Offering a device to the rows of the table.
#include "drivers/drivers.hpp"

#include <core/log.hpp>

namespace skerry::drivers {

bool offer(device::BusDevice& device) {
  const device::BusId id = device.id();
  for (const Driver* const* row = __skerry_drivers; *row != nullptr; ++row) {
    if (!(*row)->matches(id)) {
      continue;
    }
    if (const Result<> started = (*row)->start(device); !started) {
      log::warning("drivers", "{}: {} could not start it (errno {})", device.name(), (*row)->name,
                   static_cast<int>(started.error()));
    }
    return true;
  }
  log::debug("drivers", "{}: nobody knows {:x}:{:x}", device.name(), unsigned{id.vendor},
             unsigned{id.device});
  return false;
}

} // namespace skerry::drivers
