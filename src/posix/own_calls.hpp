// SPDX-License-Identifier: Apache-2.0
// The calls that Linux does not have: what <skerry/…> needs. src/api/abi.hpp says what each does.
#pragma once

#include "src/posix/user_pointer.hpp"

#include <core/result.hpp>

#include <cstddef>
#include <cstdint>

namespace skerry::abi {
struct Interface;
}

namespace skerry::posix {

Result<long> sys_skerry_statistics(std::uint64_t list, std::size_t capacity);
Result<long> sys_skerry_interface(unsigned index, UserPointer<abi::Interface> result);
Result<long> sys_skerry_wait_for_network(std::uint64_t nanoseconds);
Result<long> sys_skerry_on_panic(std::uint64_t hook);
Result<long> sys_skerry_console_write(std::uint64_t text, std::size_t size);

/// Whether the call is one of the two that work in a panic's hook: they need nothing of the floors.
[[nodiscard]] bool works_in_panic_hooks(std::uint64_t number);

} // namespace skerry::posix
