// SPDX-License-Identifier: Apache-2.0
// Static addresses, and starting what finds others.
#include "src/net/configuration.hpp"

#include "src/net/address_search.hpp"
#include "src/net/interface.hpp"
#include "src/net/lwip_address.hpp"
#include "src/net/name_servers.hpp"

#include <core/log.hpp>

#include <algorithm>
#include <array>

namespace skerry::net {
namespace {

constexpr std::uint16_t least_dhcp_mtu = 576;

/// What an argument says of IPv6 and lwIP has no place for; immutable after boot.
struct StaticIpv6 {
  netif* interface = nullptr;
  Prefix prefix;
  ip6_addr_t gateway{};
};

constinit StaticIpv6 static_ipv6;

/// Whether both begin with that many bits.
bool begin_alike(const Address& one, const Address& other, unsigned bits) {
  const auto whole = static_cast<std::ptrdiff_t>(bits / 8);
  if (!std::equal(one.bytes.begin(), one.bytes.begin() + whole, other.bytes.begin())) {
    return false;
  }
  const unsigned rest = bits % 8;
  return rest == 0 || (one.bytes[bits / 8] ^ other.bytes[bits / 8]) >> (8 - rest) == 0;
}

bool read_static(std::string_view value, StaticAddress& result) {
  std::array<std::string_view, 3> words{};
  std::size_t count = 0;
  for (;;) {
    const std::size_t comma = value.find(',');
    if (count == words.size()) {
      return false;
    }
    words[count++] = value.substr(0, comma);
    if (comma == std::string_view::npos) {
      break;
    }
    value.remove_prefix(comma + 1);
  }
  const auto prefix = parse_prefix(words[0]);
  if (!prefix || prefix->address.is_any()) {
    return false;
  }
  result.prefix = *prefix;
  std::optional<Address>* const rest[] = {&result.gateway, &result.name_server};
  for (std::size_t i = 1; i < count; ++i) {
    const auto address = parse_address(words[i]);
    // A gateway is left out by an empty word: ip=10.0.0.2/24,,10.0.0.53
    const bool left_out = i == 1 && words[i].empty() && count > 2;
    if (!left_out && (!address || (i == 1 && address->family != prefix->address.family))) {
      return false;
    }
    *rest[i - 1] = address;
  }
  return true;
}

ip4_addr_t mask_of(unsigned bits) {
  return {.addr = bits == 0 ? 0 : lwip_htonl(~u32_t{0} << (32 - bits))};
}

void set_static_ipv4(netif& lwip, const StaticAddress& wanted) {
  const ip4_addr_t address = to_ip4(wanted.prefix.address);
  const ip4_addr_t mask = mask_of(wanted.prefix.bits);
  const ip4_addr_t gateway = wanted.gateway ? to_ip4(*wanted.gateway) : ip4_addr_t{};
  netif_set_addr(&lwip, &address, &mask, &gateway);
}

Result<> set_static_ipv6(netif& lwip, const StaticAddress& wanted) {
  static_ipv6 = {.interface = &lwip, .prefix = wanted.prefix};
  ip6_addr_t address = to_ip6(wanted.prefix.address);
  ip6_addr_assign_zone(&address, IP6_UNICAST, &lwip);
  if (netif_add_ip6_address(&lwip, &address, nullptr) != ERR_OK) {
    return fail(std::errc::not_enough_memory);
  }
  if (wanted.gateway) {
    static_ipv6.gateway = to_ip6(*wanted.gateway);
    ip6_addr_assign_zone(&static_ipv6.gateway, IP6_UNICAST, &lwip);
  }
  return {};
}

/// lwIP takes no DHCP on links that cannot carry a reply of the size that RFC 2131 guarantees.
Result<> start_dhcp(Interface& interface) {
  netif& lwip = interface.lwip();
  if (lwip.mtu < least_dhcp_mtu) {
    log::error("net", "{}: no DHCP with an MTU of {}; it needs {}", interface.device().name(),
               lwip.mtu, least_dhcp_mtu);
    return {};
  }
  if (dhcp_start(&lwip) != ERR_OK) {
    return fail(std::errc::not_enough_memory);
  }
  begin_address_search(lwip);
  return {};
}

} // namespace

bool parse_configuration(std::string_view value, Configuration& result) {
  if (value == "dhcp") {
    result.dhcp = true;
    return !result.ipv4;
  }
  if (value == "none") {
    result = {.dhcp = false, .autoconfigure = false, .ipv4 = {}, .ipv6 = {}};
    return true;
  }
  StaticAddress address;
  if (!read_static(value, address)) {
    return false;
  }
  const bool is_v4 = address.prefix.address.family == Family::ipv4;
  std::optional<StaticAddress>& place = is_v4 ? result.ipv4 : result.ipv6;
  if (place) {
    return false;
  }
  place = address;
  (is_v4 ? result.dhcp : result.autoconfigure) = false;
  return true;
}

unsigned ipv6_prefix_bits(const Address& address) {
  constexpr unsigned usual = 64; // of all others (RFC 4291, 2.5.1)
  return address.bytes == static_ipv6.prefix.address.bytes ? static_ipv6.prefix.bits : usual;
}

Result<> configure(Interface& interface, const Configuration& configuration) {
  netif& lwip = interface.lwip();
  netif_set_ip6_autoconfig_enabled(&lwip, configuration.autoconfigure ? 1 : 0);
  for (const auto* wanted : {&configuration.ipv4, &configuration.ipv6}) {
    if (*wanted && (*wanted)->name_server) {
      add_name_server(to_ip(*(*wanted)->name_server));
    }
  }
  if (configuration.ipv4) {
    set_static_ipv4(lwip, *configuration.ipv4);
  }
  if (configuration.ipv6) {
    TRY(set_static_ipv6(lwip, *configuration.ipv6));
  }
  if (configuration.dhcp) {
    TRY(start_dhcp(interface));
  }
  return {};
}

} // namespace skerry::net

using namespace skerry;

extern "C" const ip4_addr_t* skerry_net_gateway(netif* lwip, const ip4_addr_t* destination) {
  // lwIP keeps the address only until it has looked it up.
  static constinit ip4_addr_t gateway{};
  if (lwip->state == nullptr) {
    return nullptr;
  }
  const auto route = net::Interface::of(*lwip).routes().find(destination->addr);
  if (!route) {
    return nullptr;
  }
  gateway.addr = route->gateway != 0 ? route->gateway : destination->addr;
  return &gateway;
}

extern "C" int skerry_net_on_link6(netif* lwip, const ip6_addr_t* address) {
  const net::StaticIpv6& known = net::static_ipv6;
  ip_addr_t destination{};
  ip_addr_copy_from_ip6(destination, *address);
  return lwip == known.interface && net::begin_alike(net::from_ip(destination),
                                                     known.prefix.address, known.prefix.bits)
             ? 1
             : 0;
}

extern "C" const ip6_addr_t* skerry_net_gateway6(netif* lwip, const ip6_addr_t*) {
  const net::StaticIpv6& known = net::static_ipv6;
  return lwip != known.interface || ip6_addr_isany_val(known.gateway) ? nullptr : &known.gateway;
}

extern "C" void skerry_net_duplicate6(netif* lwip, s8_t index) {
  char text[net::address_text_size];
  log::error("net", "{}: another machine has the address {}; it is not used here",
             net::Interface::of(*lwip).device().name(),
             net::print_address(net::from_ip(*netif_ip_addr6(lwip, index)), text));
}
