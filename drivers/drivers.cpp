// SPDX-License-Identifier: Apache-2.0
// Offering a device to the rows of the table.
#include "drivers/drivers.hpp"

#include "drivers/virtio/drivers.hpp"

#include <core/log.hpp>

namespace skerry::drivers {
namespace {

constexpr Driver table[] = {virtio::net_driver, virtio::entropy_driver};

} // namespace

bool offer(device::BusDevice& device) {
  const device::BusId id = device.id();
  for (const Driver& driver : table) {
    if (!driver.matches(id)) {
      continue;
    }
    if (const Result<> started = driver.start(device); !started) {
      log::warning("drivers", "{}: {} could not start it (errno {})", device.name(), driver.name,
                   static_cast<int>(started.error()));
    }
    return true;
  }
  log::debug("drivers", "{}: nobody knows {:x}:{:x}", device.name(), unsigned{id.vendor},
             unsigned{id.device});
  return false;
}

} // namespace skerry::drivers
