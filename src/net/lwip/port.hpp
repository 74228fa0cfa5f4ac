// SPDX-License-Identifier: Apache-2.0
// What lwIP's port needs to be told, by the stack.
#pragma once

#include <core/result.hpp>
#include <core/units.hpp>

namespace skerry::net {

/// Prepares memory, clock and secrets of lwIP. Context: boot, once, before lwip_init().
/// Errors: resource_unavailable_try_again  no source of randomness
[[nodiscard]] Result<> prepare_port();

/// The time that sys_now() returns until the next call: lwIP sees one instant a turn.
void set_time(Instant now);

/// Bytes that lwIP holds.
[[nodiscard]] std::size_t network_memory_bytes();

} // namespace skerry::net
