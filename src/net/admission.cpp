// SPDX-License-Identifier: Apache-2.0
// See the header.
#include "src/net/admission.hpp"

#include <cstring>

namespace skerry::net {
namespace {

// RFC 791, 3.1 and RFC 8200, 3: offsets behind the header of Ethernet.
constexpr std::size_t ipv4_source = SIZEOF_ETH_HDR + 12;
constexpr std::size_t ipv4_destination = SIZEOF_ETH_HDR + 16;
constexpr std::size_t ipv6_next_header = SIZEOF_ETH_HDR + 6;
constexpr std::size_t ipv6_source = SIZEOF_ETH_HDR + 8;
constexpr std::size_t ipv6_destination = SIZEOF_ETH_HDR + 24;

template <class T> T read(std::span<const std::byte> bytes, std::size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

bool is_forged_ipv4(const netif& interface, std::span<const std::byte> bytes) {
  if (bytes.size() < ipv4_destination + sizeof(ip4_addr_t)) {
    return false;
  }
  constexpr std::byte this_network{0};
  const auto source = read<ip4_addr_t>(bytes, ipv4_source);
  const auto destination = read<ip4_addr_t>(bytes, ipv4_destination);
  return bytes[ipv4_source] == this_network || ip4_addr_isloopback(&source) ||
         ip4_addr_isloopback(&destination) || ip4_addr_eq(&source, netif_ip4_addr(&interface));
}

bool is_own(const netif& interface, const ip6_addr_t& address) {
  for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; ++i) {
    if (ip6_addr_isvalid(netif_ip6_addr_state(&interface, i)) &&
        ip6_addr_zoneless_eq(&address, netif_ip6_addr(&interface, i))) {
      return true;
    }
  }
  return false;
}

bool is_forged_ipv6(const netif& interface, std::span<const std::byte> bytes) {
  if (bytes.size() < ipv6_destination + sizeof(ip6_addr_p_t)) {
    return false;
  }
  const auto address_at = [&](std::size_t offset) {
    ip6_addr_t address;
    ip6_addr_copy_from_packed(address, read<ip6_addr_p_t>(bytes, offset));
    return address;
  };
  const ip6_addr_t source = address_at(ipv6_source);
  const ip6_addr_t destination = address_at(ipv6_destination);
  if (ip6_addr_isloopback(&source) || ip6_addr_isloopback(&destination)) {
    return true;
  }
  return bytes[ipv6_next_header] != std::byte{IP6_NEXTH_ICMP6} && is_own(interface, source);
}

} // namespace

bool is_forged(const netif& interface, std::span<const std::byte> bytes) {
  if (bytes.size() < SIZEOF_ETH_HDR) {
    return false;
  }
  switch (lwip_ntohs(read<eth_hdr>(bytes, 0).type)) {
  case ETHTYPE_IP:
    return is_forged_ipv4(interface, bytes);
  case ETHTYPE_IPV6:
    return is_forged_ipv6(interface, bytes);
  default:
    return false;
  }
}

} // namespace skerry::net
