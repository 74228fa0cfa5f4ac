// SPDX-License-Identifier: Apache-2.0
// The processor's random source of a hosted process.
#pragma once

#include <cstddef>

namespace skerry::hosted {

/// From now on hal::hardware_seed() fills at most `bytes` a call; 0 is a machine without a source.
void limit_hardware_seed(std::size_t bytes);

} // namespace skerry::hosted
