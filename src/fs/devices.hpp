// SPDX-License-Identifier: Apache-2.0
// The character devices that programs count on.
#pragma once

#include <fs/tree.hpp>

namespace skerry::fs {

/// Enters null, zero, full, random, urandom and console. Context: boot.
/// Errors: not_enough_memory
[[nodiscard]] Result<> enter_devices(TreeDirectory& directory);

} // namespace skerry::fs
