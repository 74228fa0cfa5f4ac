// SPDX-License-Identifier: Apache-2.0
// Internet addresses as the floors pass them about.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace skerry::net {

enum class Family : std::uint8_t { ipv4, ipv6 };

/// An IPv4 or IPv6 address in network byte order; an IPv4 address has the first four bytes.
struct Address {
  Family family = Family::ipv4;
  std::array<std::uint8_t, 16> bytes{};
  /// Of a link-local IPv6 address: the number of the interface; 0 when not said.
  std::uint32_t scope = 0;

  [[nodiscard]] constexpr bool is_any() const {
    return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
  }
  friend constexpr bool operator==(const Address&, const Address&) = default;
};

/// An address and a port, in host byte order.
struct Endpoint {
  Address address;
  std::uint16_t port = 0;
  friend constexpr bool operator==(const Endpoint&, const Endpoint&) = default;
};

} // namespace skerry::net
