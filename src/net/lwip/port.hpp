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

/// How much one direction of one connection may hold at this moment: all that its window allows
/// while the network has half of its memory left, little when it has less, and one segment in the
/// last quarter, which is kept for what is short-lived: new connections, acknowledgments, frames.
/// So those who do not read cannot shut out those who do.
[[nodiscard]] std::size_t connection_share();

/// While it lives, allocations may use the part of the network's memory that is kept for frames
/// that come in: among them are the acknowledgments that free the rest.
class ReceiveReserve {
public:
  ReceiveReserve();
  ~ReceiveReserve();
  ReceiveReserve(const ReceiveReserve&) = delete;
  ReceiveReserve& operator=(const ReceiveReserve&) = delete;
};

/// Bytes that lwIP holds.
[[nodiscard]] std::size_t network_memory_bytes();

} // namespace skerry::net
