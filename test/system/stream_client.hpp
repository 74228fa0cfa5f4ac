// SPDX-License-Identifier: Apache-2.0
// Clients that check what comes back.
#pragma once

#include "support/file_descriptor.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace skerry::test {

/// A socket that is connected to an IPv4 address; what it sends and receives blocks for a minute at
/// most. Throws Failure when there is no connection.
[[nodiscard]] FileDescriptor connect_to(const std::string& address, std::uint16_t port, int type);

/// Sends `size_bytes` of a pseudo-random stream over TCP while it reads what comes back. Returns
/// what was wrong, or nothing.
[[nodiscard]] std::string echo_stream(const std::string& address, std::uint16_t port,
                                      std::uint64_t size_bytes);

/// Sends one datagram and returns how many bytes of the answer are the same, from the front.
/// Throws Failure when no answer comes.
[[nodiscard]] std::size_t echo_datagram(const std::string& address, std::uint16_t port,
                                        std::size_t size_bytes);

} // namespace skerry::test
