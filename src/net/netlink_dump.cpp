// SPDX-License-Identifier: Apache-2.0
// Lists of interfaces and of their addresses, as messages of rtnetlink(7).
#include "src/net/configuration.hpp"
#include "src/net/interface_names.hpp"
#include "src/net/lwip_address.hpp"
#include "src/net/netlink_socket.hpp"
#include "src/net/stack.hpp"

#include <bit>
#include <string_view>
#include <sys/socket.h>

namespace skerry::net {
namespace {

using namespace netlink;

void put_text(NetlinkMessage& message, std::uint16_t type, std::string_view text) {
  message.attribute(type, std::as_bytes(std::span(text.data(), text.size() + 1))); // with its zero
}

void put_link(NetlinkMessage& message, const netif& interface) {
  message.put(LinkInfo{.hardware_type = hardware_type(interface),
                       .index = netif_get_index(&interface),
                       .flags = flags_of(interface)});
  const InterfaceName name = name_of(interface);
  put_text(message, link_name, name.data());
  message.attribute(link_mtu, std::uint32_t{mtu_of(interface)});
  std::array<std::byte, NETIF_MAX_HWADDR_LEN> hardware{};
  // That of the loopback interface is all zeros, as are its broadcasts.
  if (!is_loopback(interface)) {
    std::memcpy(hardware.data(), interface.hwaddr, hardware.size());
  }
  message.attribute(link_address, hardware);
  if (!is_loopback(interface)) {
    hardware.fill(std::byte{0xff});
  }
  message.attribute(link_broadcast, hardware);
}

void put_ipv4(NetlinkMessage& message, const netif& interface) {
  const std::uint32_t address = netif_ip4_addr(&interface)->addr;
  const std::uint32_t mask = netif_ip4_netmask(&interface)->addr;
  message.put(AddressInfo{.family = AF_INET,
                          .bits = static_cast<std::uint8_t>(std::popcount(mask)),
                          .scope = is_loopback(interface) ? scope_host : scope_universe,
                          .index = netif_get_index(&interface)});
  message.attribute(prefix_address, address);
  message.attribute(prefix_local, address);
  const InterfaceName name = name_of(interface);
  put_text(message, prefix_label, name.data());
  if (!is_loopback(interface)) {
    message.attribute(prefix_broadcast, address | ~mask);
  }
}

void put_ipv6(NetlinkMessage& message, const netif& interface, s8_t number) {
  const ip6_addr_t& address = *netif_ip6_addr(&interface, number);
  message.put(AddressInfo{
      .family = AF_INET6,
      .bits = static_cast<std::uint8_t>(ipv6_prefix_bits(from_ip(interface.ip6_addr[number]))),
      .scope = ip6_addr_isloopback(&address)    ? scope_host
               : ip6_addr_islinklocal(&address) ? scope_link
                                                : scope_universe,
      .index = netif_get_index(&interface)});
  message.attribute(prefix_address, address.addr);
}

} // namespace

Result<NetlinkMessage*> NetlinkSocket::add(std::uint16_t type, std::uint16_t flags,
                                           const Header& request) {
  auto message = mm::make_owned<NetlinkMessage>(type, flags, request);
  if (!message) {
    return fail(std::errc::no_buffer_space);
  }
  NetlinkMessage* added = message->release();
  answers_.push_back(*added);
  return added;
}

Result<> NetlinkSocket::dump(const Header& request) {
  const StackUse use;
  for (unsigned index = 1; index <= UINT8_MAX && stack_is_up(); ++index) {
    const netif* interface = netif_get_by_index(static_cast<u8_t>(index));
    if (interface == nullptr) {
      continue;
    }
    if (request.type == get_link) {
      put_link(*TRY(add(new_link, multi, request)), *interface);
      continue;
    }
    if (!ip4_addr_isany_val(*netif_ip4_addr(interface))) {
      put_ipv4(*TRY(add(new_address, multi, request)), *interface);
    }
    for (s8_t number = 0; number < LWIP_IPV6_NUM_ADDRESSES; ++number) {
      if (ip6_addr_isvalid(netif_ip6_addr_state(interface, number))) {
        put_ipv6(*TRY(add(new_address, multi, request)), *interface, number);
      }
    }
  }
  TRY(add(done, multi, request))->put(std::int32_t{0});
  return {};
}

} // namespace skerry::net
