// SPDX-License-Identifier: Apache-2.0
// What an address means to a socket of one family: IPv6 sockets carry IPv4 as ::ffff:a.b.c.d
// (RFC 4291, 2.5.5.2) unless they are for IPv6 only.
#pragma once

#include "src/net/lwip_address.hpp"

#include <core/result.hpp>

namespace skerry::net {

/// `address` for lwIP, from a socket of `family`; IPv4 inside IPv6 becomes plain IPv4.
/// Errors: address_family_not_supported  not of the socket's family
[[nodiscard]] Result<ip_addr_t> address_for_lwip(const Address& address, Family family);

/// `address` as a socket of `family` shows it.
[[nodiscard]] Address address_for_socket(const ip_addr_t& address, Family family);

/// Whether an interface has `address`. Of 127.0.0.0/8 only 127.0.0.1 is there.
/// Context: thread, with a StackUse.
[[nodiscard]] bool is_own_address(const ip_addr_t& address);

/// lwIP's errors in POSIX' terms.
[[nodiscard]] std::errc error_of(err_t error);

} // namespace skerry::net
