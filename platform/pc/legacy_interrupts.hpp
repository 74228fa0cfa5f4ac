// SPDX-License-Identifier: Apache-2.0
// The pair of interrupt controllers from before the APIC (Intel 8259A data sheet).
#pragma once

namespace skerry::pc {

/// Moves them away from the processor's exceptions and masks all of their lines. Harmless where
/// there are none. Context: boot, interrupts off.
void silence_legacy_controllers();

} // namespace skerry::pc
