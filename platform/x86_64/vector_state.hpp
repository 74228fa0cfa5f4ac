// SPDX-License-Identifier: Apache-2.0
// Saving and loading of all vector registers in the processor's own format (Intel SDM vol.
// 1, 13.4).
#pragma once

#include <cstddef>
#include <span>

namespace skerry::x86_64 {

/// Writes every register to `area` (hal::vector_state_size() bytes, aligned to 64), whether or not
/// it has its initial value.
void save_whole_vector_state(std::span<std::byte> area);

/// Loads registers that the application may have edited: what the processor would refuse is
/// corrected in `area` first.
void load_foreign_vector_state(std::span<std::byte> area);

} // namespace skerry::x86_64
