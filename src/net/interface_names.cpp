// SPDX-License-Identifier: Apache-2.0
// See the header.
#include "src/net/interface_names.hpp"

#include <core/format.hpp>
#include <net/if.h>
#include <net/if_arp.h>

#include <span>

namespace skerry::net {

bool is_loopback(const netif& interface) {
  return interface.name[0] == 'l' && interface.name[1] == 'o';
}

InterfaceName name_of(const netif& interface) {
  if (is_loopback(interface)) {
    return {'l', 'o'};
  }
  InterfaceName name{};
  (void)format_to(std::span(name).first(name.size() - 1), "{}{}{}", interface.name[0],
                  interface.name[1], unsigned{netif_get_index(&interface)});
  return name;
}

unsigned flags_of(const netif& interface) {
  constexpr unsigned lower_up = 0x10000; // IFF_LOWER_UP, which not every C library has
  unsigned flags = is_loopback(interface) ? IFF_LOOPBACK : IFF_BROADCAST | IFF_MULTICAST;
  if (netif_is_up(&interface)) {
    flags |= IFF_UP;
    flags |= netif_is_link_up(&interface) ? IFF_RUNNING | lower_up : 0;
  }
  return flags;
}

unsigned mtu_of(const netif& interface) {
  constexpr unsigned largest_packet = 65'535;
  return interface.mtu != 0 ? interface.mtu : largest_packet;
}

std::uint16_t hardware_type(const netif& interface) {
  return is_loopback(interface) ? ARPHRD_LOOPBACK : ARPHRD_ETHER;
}

netif* find_interface(std::string_view name) {
  netif* interface = nullptr;
  NETIF_FOREACH(interface) {
    if (std::string_view(name_of(*interface).data()) == name) {
      return interface;
    }
  }
  return nullptr;
}

netif* find_interface(ip4_addr_t address) {
  netif* interface = nullptr;
  NETIF_FOREACH(interface) {
    if (netif_ip4_addr(interface)->addr == address.addr) {
      return interface;
    }
  }
  return nullptr;
}

} // namespace skerry::net
