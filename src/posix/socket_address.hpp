// SPDX-License-Identifier: Apache-2.0
// Addresses of sockets between the application and the floors: bytes and a size.
#pragma once

#include "src/posix/user_pointer.hpp"

#include <net/socket.hpp>

namespace skerry::posix {

/// Copies an address in.
/// Errors: bad_address; invalid_argument  longer than any address
[[nodiscard]] Result<> read_address(std::uint64_t from, unsigned size, net::SocketAddress& address);

/// Writes `address` to `to`, cut to the room that `size` tells, which becomes the size that it has.
/// Does nothing when `to` is null. Errors: bad_address; invalid_argument  the room is negative
[[nodiscard]] Result<> write_address(const net::SocketAddress& address, std::uint64_t to,
                                     UserPointer<unsigned> size);

/// The same for a room that is known. Errors: bad_address
[[nodiscard]] Result<> write_address(const net::SocketAddress& address, std::uint64_t to,
                                     unsigned room);

} // namespace skerry::posix
