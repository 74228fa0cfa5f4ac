// SPDX-License-Identifier: Apache-2.0
// Segment, task and interrupt descriptors of the boot CPU (Intel SDM vol. 3, 3.4, 6.14, 7.7).
#pragma once

#include <cstdint>

namespace skerry::x86_64 {

/// Rows of the interrupt stack table: what may interrupt what has a stack of its own.
enum class InterruptStack : std::uint8_t {
  fault = 1,
  interrupt = 2,
  nmi = 3,
  double_fault = 4,
  machine_check = 5,
};

/// Loads descriptor tables and the GS base of the boot CPU. Before it no trap can be taken.
/// Context: boot, once, interrupts off.
void load_descriptors();

} // namespace skerry::x86_64
