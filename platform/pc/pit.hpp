// SPDX-License-Identifier: Apache-2.0
// The oldest timer of the PC (Intel 8254 data sheet): the last resort to measure time with, where
// nothing else tells or counts (QEMU's microvm without KVM).
#pragma once

#include "platform/x86_64/clock.hpp"

namespace skerry::pc {

/// Lets channel 2 count. Its 16 bits wrap every 55 ms, so it cannot be the clock itself. Context:
/// boot.
[[nodiscard]] x86_64::ReferenceCounter start_pit_counter();

/// Stops the periodic interrupt of channel 0 that a BIOS leaves on: masked, it would still wake a
/// host 18 times a second. Context: boot.
void quiet_pit();

} // namespace skerry::pc
