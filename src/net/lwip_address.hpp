// SPDX-License-Identifier: Apache-2.0
// Between our addresses and lwIP's.
#pragma once

#include "src/net/lwip.hpp"

#include <net/endpoint.hpp>

#include <cstring>

namespace skerry::net {

[[nodiscard]] inline ip4_addr_t to_ip4(const Address& address) {
  ip4_addr_t result{};
  std::memcpy(&result.addr, address.bytes.data(), 4);
  return result;
}

[[nodiscard]] inline ip6_addr_t to_ip6(const Address& address) {
  ip6_addr_t result{};
  std::memcpy(result.addr, address.bytes.data(), 16);
  ip6_addr_set_zone(&result, static_cast<u8_t>(address.scope));
  return result;
}

/// As lwIP's type of either family.
[[nodiscard]] inline ip_addr_t to_ip(const Address& address) {
  ip_addr_t result{};
  if (address.family == Family::ipv4) {
    ip_addr_copy_from_ip4(result, to_ip4(address));
  } else {
    ip_addr_copy_from_ip6(result, to_ip6(address));
  }
  return result;
}

[[nodiscard]] inline Address from_ip(const ip_addr_t& address) {
  Address result;
  if (IP_IS_V4_VAL(address)) {
    std::memcpy(result.bytes.data(), &ip_2_ip4(&address)->addr, 4);
    return result;
  }
  result.family = Family::ipv6;
  std::memcpy(result.bytes.data(), ip_2_ip6(&address)->addr, 16);
  result.scope = ip6_addr_zone(ip_2_ip6(&address));
  return result;
}

} // namespace skerry::net
