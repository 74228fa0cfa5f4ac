// SPDX-License-Identifier: Apache-2.0
// Addresses and errors at the border of sockets.
#include "src/net/socket_address.hpp"

#include <algorithm>

namespace skerry::net {
namespace {

constexpr std::uint8_t mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool is_mapped(const Address& address) {
  return address.family == Family::ipv6 &&
         std::equal(std::begin(mapped_prefix), std::end(mapped_prefix), address.bytes.begin());
}

} // namespace

Result<ip_addr_t> address_for_lwip(const Address& address, Family family) {
  if (address.family != family) {
    return fail(std::errc::address_family_not_supported);
  }
  if (is_mapped(address)) {
    Address plain;
    std::copy_n(address.bytes.begin() + sizeof mapped_prefix, 4, plain.bytes.begin());
    return to_ip(plain);
  }
  return to_ip(address);
}

Address address_for_socket(const ip_addr_t& address, Family family) {
  if (family == Family::ipv4) {
    return IP_IS_V4_VAL(address) ? from_ip(address) : Address{};
  }
  if (!IP_IS_V4_VAL(address)) {
    return from_ip(address);
  }
  Address mapped{.family = Family::ipv6, .bytes = {}, .scope = 0};
  std::ranges::copy(mapped_prefix, mapped.bytes.begin());
  const Address plain = from_ip(address);
  std::copy_n(plain.bytes.begin(), 4, mapped.bytes.begin() + sizeof mapped_prefix);
  return mapped;
}

bool is_own_address(const ip_addr_t& address) {
  netif* interface = nullptr;
  NETIF_FOREACH(interface) {
    if (IP_IS_V4_VAL(address) ? ip4_addr_eq(netif_ip4_addr(interface), ip_2_ip4(&address))
                              : netif_get_ip6_addr_match(interface, ip_2_ip6(&address)) >= 0) {
      return true;
    }
  }
  return false;
}

std::errc error_of(err_t error) {
  switch (error) {
  case ERR_MEM:
  case ERR_BUF:
    return std::errc::no_buffer_space;
  case ERR_RTE:
  case ERR_IF:
    return std::errc::network_unreachable;
  case ERR_INPROGRESS:
    return std::errc::operation_in_progress;
  case ERR_USE:
    return std::errc::address_in_use;
  case ERR_ALREADY:
    return std::errc::connection_already_in_progress;
  case ERR_ISCONN:
    return std::errc::already_connected;
  case ERR_CONN:
  case ERR_CLSD:
    return std::errc::not_connected;
  case ERR_TIMEOUT:
  case ERR_ABRT:
    return std::errc::timed_out;
  case ERR_RST:
    return std::errc::connection_reset;
  default:
    return std::errc::invalid_argument;
  }
}

} // namespace skerry::net
