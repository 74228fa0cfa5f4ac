// SPDX-License-Identifier: Apache-2.0
// Addresses as text (RFC 5952, RFC 6943 section 3.1.1: strict dotted quads).
#pragma once

#include <net/endpoint.hpp>

#include <optional>
#include <span>
#include <string_view>

namespace skerry::net {

/// "10.0.0.2" or "fd00::2"; nothing else, no zone, no leading zeros in a dotted quad.
[[nodiscard]] std::optional<Address> parse_address(std::string_view text);

/// An address and how many of its bits are the network's.
struct Prefix {
  Address address;
  unsigned bits = 0;
};

/// "10.0.0.2/24" or "fd00::2/64".
[[nodiscard]] std::optional<Prefix> parse_prefix(std::string_view text);

/// Most characters that print_address() needs.
inline constexpr std::size_t address_text_size = 46;
/// Writes `address` into `buffer` and returns the text.
std::string_view print_address(const Address& address, std::span<char, address_text_size> buffer);

} // namespace skerry::net
