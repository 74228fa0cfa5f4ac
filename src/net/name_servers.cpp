// SPDX-License-Identifier: Apache-2.0
// What lwIP's DHCP and router advertisements tell through the interface of its resolver, which is
// not compiled in.
#include "src/net/name_servers.hpp"

#include "src/net/address_search.hpp"
#include "src/net/address_text.hpp"
#include "src/net/lwip_address.hpp"
#include "src/net/stack.hpp"

#include <core/format.hpp>
#include <net/name_servers.hpp>

#include <algorithm>

namespace skerry::net {
namespace {

struct NameServers {
  ip_addr_t fixed[DNS_MAX_SERVERS] = {};
  std::size_t fixed_count = 0;
  /// lwIP counts those of DHCP and those of router advertisements from 0 each. What tells them
  /// apart is that DHCP's are of IPv4 and a router's of IPv6.
  ip_addr_t from_dhcp[DNS_MAX_SERVERS] = {};
  ip_addr_t from_routers[DNS_MAX_SERVERS] = {};
};

/// Belongs to the CPU of the stack.
constinit NameServers servers;

bool some_are_known() {
  const auto is_known = [](const ip_addr_t& address) { return !ip_addr_isany(&address); };
  return servers.fixed_count != 0 || std::ranges::any_of(servers.from_dhcp, is_known) ||
         std::ranges::any_of(servers.from_routers, is_known);
}

} // namespace

void add_name_server(const ip_addr_t& address) {
  if (servers.fixed_count < DNS_MAX_SERVERS) {
    servers.fixed[servers.fixed_count++] = address;
  }
}

void forget_name_servers_of_dhcp() {
  std::ranges::fill(servers.from_dhcp, ip_addr_t{});
}

std::string_view resolver_configuration(std::span<char> buffer) {
  // They come with an address. Interrupted or not, what is known is told.
  (void)await_address({}, some_are_known);
  const StackUse use;
  std::size_t used = 0;
  const auto add = [&](const ip_addr_t& address) {
    if (ip_addr_isany(&address)) {
      return;
    }
    char text[address_text_size];
    const Address server = from_ip(address);
    const auto rest = buffer.subspan(used);
    used += (server.scope == 0
                 ? format_to(rest, "nameserver {}\n", print_address(server, text))
                 : format_to(rest, "nameserver {}%{}\n", print_address(server, text), server.scope))
                .size();
  };
  std::for_each_n(servers.fixed, servers.fixed_count, add);
  std::ranges::for_each(servers.from_dhcp, add);
  std::ranges::for_each(servers.from_routers, add);
  return {buffer.data(), used};
}

} // namespace skerry::net

using skerry::net::servers;

extern "C" {

void dns_init() {}
void dns_tmr() {}

void dns_setserver(u8_t numdns, const ip_addr_t* dnsserver) {
  if (numdns >= DNS_MAX_SERVERS) {
    return;
  }
  // Only routers take one back.
  const ip_addr_t address = dnsserver != nullptr ? *dnsserver : *IP6_ADDR_ANY;
  (IP_IS_V4_VAL(address) ? servers.from_dhcp : servers.from_routers)[numdns] = address;
}

// Asked for by what takes one back.
const ip_addr_t* dns_getserver(u8_t numdns) {
  return numdns < DNS_MAX_SERVERS ? &servers.from_routers[numdns] : IP_ADDR_ANY;
}

} // extern "C"
