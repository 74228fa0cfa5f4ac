// SPDX-License-Identifier: Apache-2.0
// The calls that Linux does not have: what <skerry/…> needs (src/api/abi.hpp).
#pragma once

#include "src/posix/call_table.hpp"

namespace skerry::posix {

/// The row of a number at or above abi::first_call; null when there is none.
[[nodiscard]] const CallRow* find_own_call(std::uint64_t number);

/// The one call that works in a panic's hook.
[[nodiscard]] const CallRow* call_of_panic_hooks();

} // namespace skerry::posix
