// SPDX-License-Identifier: Apache-2.0
// Control registers: which of the processor's protections and units are on.
#pragma once

namespace skerry::x86_64 {

/// Turns on what the processor has: write protection, SMEP, UMIP, global pages, vector units.
/// Context: boot, once per CPU, after load_descriptors().
void initialise_processor();

/// XCR0 and the size of the vector state; part of initialise_processor().
void initialise_vector_unit();

} // namespace skerry::x86_64
