// SPDX-License-Identifier: Apache-2.0
// How a UDP socket sends to multicast groups (ip(7), ipv6(7)): by which interface, how far, and
// whether sockets of this machine hear it. One setting serves both families.
#include "src/net/interface_names.hpp"
#include "src/net/udp_socket.hpp"

#include <netinet/in.h>

namespace skerry::net {
namespace {

enum class Kind : std::uint8_t { none, interface, hops, loop };

/// A socket of IPv6 takes the options of IPv4 too, for it can have peers of both.
Kind kind_of(Family family, int level, int name) {
  if (level == IPPROTO_IP) {
    return name == IP_MULTICAST_IF     ? Kind::interface
           : name == IP_MULTICAST_TTL  ? Kind::hops
           : name == IP_MULTICAST_LOOP ? Kind::loop
                                       : Kind::none;
  }
  if (level == IPPROTO_IPV6 && family == Family::ipv6) {
    return name == IPV6_MULTICAST_IF     ? Kind::interface
           : name == IPV6_MULTICAST_HOPS ? Kind::hops
           : name == IPV6_MULTICAST_LOOP ? Kind::loop
                                         : Kind::none;
  }
  return Kind::none;
}

/// The index of an interface; 0 leaves the choice to the routes.
Result<u8_t> checked_index(std::uint32_t index) {
  if (index == 0) {
    return NETIF_NO_INDEX;
  }
  const bool exists = index <= UINT8_MAX && netif_get_by_index(static_cast<u8_t>(index)) != nullptr;
  return exists ? Result<u8_t>(static_cast<u8_t>(index)) : fail(std::errc::no_such_device);
}

/// in_addr, ip_mreq or ip_mreqn; the last may name the interface by its index.
Result<u8_t> interface_v4(std::span<const std::byte> value) {
  in_addr address{};
  if (value.size() >= sizeof(ip_mreqn)) {
    const auto request = TRY(option_value<ip_mreqn>(value));
    if (request.imr_ifindex != 0) {
      return checked_index(static_cast<std::uint32_t>(request.imr_ifindex));
    }
    address = request.imr_address;
  } else if (value.size() >= sizeof(ip_mreq)) {
    address = TRY(option_value<ip_mreq>(value)).imr_interface;
  } else {
    address = TRY(option_value<in_addr>(value));
  }
  if (address.s_addr == INADDR_ANY) {
    return NETIF_NO_INDEX;
  }
  const netif* interface = find_interface(ip4_addr_t{.addr = address.s_addr});
  return interface != nullptr ? Result<u8_t>(netif_get_index(interface))
                              : fail(std::errc::address_not_available);
}

} // namespace

std::optional<Result<>> UdpSocket::set_multicast_option(int level, int name,
                                                        std::span<const std::byte> value) {
  const Kind kind = kind_of(family(), level, name);
  if (kind == Kind::none) {
    return std::nullopt;
  }
  const auto set = [&]() -> Result<> {
    if (kind == Kind::interface) {
      const u8_t index =
          level == IPPROTO_IP
              ? TRY(interface_v4(value))
              : TRY(checked_index(static_cast<std::uint32_t>(TRY(option_value<int>(value)))));
      udp_set_multicast_netif_index(pcb_, index);
      return {};
    }
    const int number = TRY(small_value(value));
    if (kind == Kind::loop) {
      const u8_t others = pcb_->flags & ~UDP_FLAGS_MULTICAST_LOOP;
      pcb_->flags = number != 0 ? others | UDP_FLAGS_MULTICAST_LOOP : others;
      return {};
    }
    if (number < -1 || number > UINT8_MAX) {
      return fail(std::errc::invalid_argument);
    }
    udp_set_multicast_ttl(pcb_, static_cast<u8_t>(number == -1 ? default_multicast_hops : number));
    return {};
  };
  return set();
}

std::optional<std::size_t> UdpSocket::get_multicast_option(int level, int name,
                                                           std::span<std::byte> value) const {
  switch (kind_of(family(), level, name)) {
  case Kind::interface: {
    const u8_t index = udp_get_multicast_netif_index(pcb_);
    if (level == IPPROTO_IPV6) {
      return put_option(value, int{index});
    }
    const netif* interface = netif_get_by_index(index);
    return put_option(value, interface != nullptr ? netif_ip4_addr(interface)->addr : INADDR_ANY);
  }
  case Kind::hops:
    return put_option(value, int{udp_get_multicast_ttl(pcb_)});
  case Kind::loop:
    return put_option(value, int{udp_is_flag_set(pcb_, UDP_FLAGS_MULTICAST_LOOP) != 0});
  case Kind::none:
    break;
  }
  return std::nullopt;
}

} // namespace skerry::net
