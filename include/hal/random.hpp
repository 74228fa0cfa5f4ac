// SPDX-License-Identifier: Apache-2.0
// The processor's own source of randomness.
#pragma once

#include <cstddef>
#include <span>

namespace skerry::hal {

/// Fills the front of `buffer` from the processor's random source and returns how many bytes were
/// filled: fewer than asked, 0 included, when there is no source or it fails. Any context.
[[nodiscard]] std::size_t hardware_seed(std::span<std::byte> buffer);

} // namespace skerry::hal
