// SPDX-License-Identifier: Apache-2.0
// How a run ends in a hosted process: as an exception, so that a test can see it and go on. A
// panic is not a way to end: it aborts, which is for death tests.
#pragma once

#include <cstdint>

namespace skerry::hosted {

/// Thrown by hal::power_off().
struct PoweredOff {
  std::uint8_t status;
};

/// Thrown by hal::reboot().
struct Rebooted {};

} // namespace skerry::hosted
