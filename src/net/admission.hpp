// SPDX-License-Identifier: Apache-2.0
// Which packets no neighbour can honestly send.
#pragma once

#include "src/net/lwip.hpp"

#include <cstddef>
#include <span>

namespace skerry::net {

/// Whether the frame that starts with `bytes` holds a packet that cannot have come over a link:
/// from one of the interface's own addresses, from or to a loopback address, or from 0.0.0.0/8 (RFC
/// 1122, 3.2.1.3; RFC 4291, 2.5.3). Programs trust such sources. Neighbour discovery is let
/// through, since it tells of duplicates by their address. What is cut short is left to who reads
/// it.
[[nodiscard]] bool is_forged(const netif& interface, std::span<const std::byte> bytes);

} // namespace skerry::net
