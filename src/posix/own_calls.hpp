// SPDX-License-Identifier: Apache-2.0
// The calls that Linux does not have: what <skerry/…> needs (src/api/abi.hpp).
#pragma once

#include "src/posix/call_table.hpp"

namespace skerry::posix {

/// The handler of a number at or above abi::first_call; null when there is none.
[[nodiscard]] CallHandler find_own_call(std::uint64_t number);

/// Its name; empty when there is none.
[[nodiscard]] std::string_view name_of_own_call(std::uint64_t number);

/// Whether the call is one of the two that work in a panic's hook: they need nothing of the floors.
[[nodiscard]] bool works_in_panic_hooks(std::uint64_t number);

} // namespace skerry::posix
