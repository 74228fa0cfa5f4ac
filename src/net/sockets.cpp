// SPDX-License-Identifier: Apache-2.0
// What socket(2) makes.
#include "src/net/netlink_socket.hpp"
#include "src/net/tcp_protocol.hpp"
#include "src/net/tcp_socket.hpp"
#include "src/net/udp_socket.hpp"

#include <cerrno>
#include <netinet/in.h>
#include <sys/socket.h>

namespace skerry::net {
namespace {

Result<fs::FileReference> create_tcp(Family family) {
  const StackUse use;
  use_tcp();
  tcp_pcb* pcb = tcp_new_ip_type(family == Family::ipv4 ? IPADDR_TYPE_V4 : IPADDR_TYPE_ANY);
  if (pcb == nullptr) {
    return fail(std::errc::no_buffer_space);
  }
  auto socket = mm::make_owned<TcpSocket>(family, *pcb);
  if (!socket) {
    tcp_abort(pcb);
    return fail(std::errc::no_buffer_space);
  }
  return fs::FileReference::adopt(socket->release());
}

Result<fs::FileReference> create_udp(Family family) {
  const StackUse use;
  udp_pcb* pcb = udp_new_ip_type(family == Family::ipv4 ? IPADDR_TYPE_V4 : IPADDR_TYPE_ANY);
  if (pcb == nullptr) {
    return fail(std::errc::no_buffer_space);
  }
  auto socket = mm::make_owned<UdpSocket>(family, *pcb);
  if (!socket) {
    udp_remove(pcb);
    return fail(std::errc::no_buffer_space);
  }
  return fs::FileReference::adopt(socket->release());
}

Result<fs::FileReference> create_netlink(int type, int protocol) {
  if (type != SOCK_RAW && type != SOCK_DGRAM) {
    return fail(static_cast<std::errc>(ESOCKTNOSUPPORT));
  }
  if (protocol != netlink::protocol_route) {
    return fail(std::errc::protocol_not_supported);
  }
  return fs::FileReference::adopt(TRY(mm::make_owned<NetlinkSocket>(type)).release());
}

} // namespace

Result<fs::FileReference> create_socket(int domain, int type, int protocol) {
  if (domain == AF_NETLINK) {
    return create_netlink(type, protocol);
  }
  if (domain != AF_INET && domain != AF_INET6) {
    return fail(std::errc::address_family_not_supported);
  }
  constexpr int last_type = SOCK_PACKET;
  if (type < 0 || type > last_type || protocol < 0 || protocol >= IPPROTO_MAX) {
    return fail(std::errc::invalid_argument);
  }
  const bool tcp = type == SOCK_STREAM && (protocol == 0 || protocol == IPPROTO_TCP);
  const bool udp = type == SOCK_DGRAM && (protocol == 0 || protocol == IPPROTO_UDP);
  if (!tcp && !udp) {
    return fail(std::errc::protocol_not_supported);
  }
  if (!stack_is_up()) {
    return fail(std::errc::network_down);
  }
  const Family family = domain == AF_INET ? Family::ipv4 : Family::ipv6;
  return tcp ? create_tcp(family) : create_udp(family);
}

} // namespace skerry::net
