// SPDX-License-Identifier: Apache-2.0
// Endpoints as the application writes them: sockaddr_in and sockaddr_in6.
#pragma once

#include "src/posix/user_pointer.hpp"

#include <net/endpoint.hpp>

#include <optional>

namespace skerry::posix {

/// Reads an address of `size` bytes.
/// Errors: bad_address; invalid_argument  too short; address_family_not_supported
[[nodiscard]] Result<net::Endpoint> read_endpoint(std::uint64_t address, unsigned size);

/// Whether the address asks a datagram socket to forget its peer (AF_UNSPEC).
[[nodiscard]] Result<bool> is_unspecified(std::uint64_t address, unsigned size);

/// Writes `endpoint` to `address`, cut to the room that `size` tells, which becomes the size that
/// it has. Does nothing when `address` is null. Errors: bad_address; invalid_argument  the room is
/// negative
[[nodiscard]] Result<> write_endpoint(const net::Endpoint& endpoint, std::uint64_t address,
                                      UserPointer<unsigned> size);

/// The same for a room that is known; returns the size that the address has.
[[nodiscard]] Result<unsigned> write_endpoint(const net::Endpoint& endpoint, std::uint64_t address,
                                              unsigned room);

} // namespace skerry::posix
