// SPDX-License-Identifier: Apache-2.0
// Options of UDP sockets, multicast groups among them.
#include "src/net/interface_names.hpp"
#include "src/net/udp_socket.hpp"

#include <mm/user_copy.hpp>
#include <net/interface_requests.hpp>

#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace skerry::net {
namespace {

/// The interface that an option names by its index; for 0 the one that `usual` is.
Result<netif*> interface_of(std::uint32_t index, netif* usual) {
  netif* interface = usual;
  if (index != 0) {
    interface = index <= UINT8_MAX ? netif_get_by_index(static_cast<u8_t>(index)) : nullptr;
  }
  return interface != nullptr ? Result<netif*>(interface) : fail(std::errc::no_such_device);
}

Result<netif*> interface_with(ip4_addr_t address) {
  netif* interface = find_interface(address);
  return interface != nullptr ? Result<netif*>(interface) : fail(std::errc::no_such_device);
}

/// ip_mreqn, or ip_mreq, which is the front of it.
Result<> set_group_v4(Memberships& groups, int name, std::span<const std::byte> value) {
  ip_mreqn request{};
  const auto parts = TRY(option_value<ip_mreq>(value));
  std::memcpy(&request, &parts, sizeof parts);
  if (value.size() >= sizeof request) {
    request = TRY(option_value<ip_mreqn>(value));
  }
  ip_addr_t group{};
  ip_addr_set_ip4_u32_val(group, request.imr_multiaddr.s_addr);
  const ip4_addr_t address{.addr = request.imr_address.s_addr};
  netif* interface = request.imr_ifindex == 0 && address.addr != 0
                         ? TRY(interface_with(address))
                         : TRY(interface_of(static_cast<std::uint32_t>(request.imr_ifindex),
                                            ip_route(&group, &group)));
  return name == IP_ADD_MEMBERSHIP ? groups.join(group, *interface)
                                   : groups.leave(group, *interface);
}

Result<> set_group_v6(Memberships& groups, int name, std::span<const std::byte> value) {
  const auto request = TRY(option_value<ipv6_mreq>(value));
  ip_addr_t group{};
  IP_SET_TYPE_VAL(group, IPADDR_TYPE_V6);
  std::memcpy(ip_2_ip6(&group)->addr, &request.ipv6mr_multiaddr, sizeof request.ipv6mr_multiaddr);
  netif* interface = TRY(interface_of(request.ipv6mr_interface, netif_default));
  ip6_addr_assign_zone(ip_2_ip6(&group), IP6_MULTICAST, interface);
  return name == IPV6_JOIN_GROUP ? groups.join(group, *interface) : groups.leave(group, *interface);
}

} // namespace

Result<> UdpSocket::set_udp_option(int level, int name, std::span<const std::byte> value) {
  if (level == SOL_SOCKET && name == SO_RCVBUF) {
    // Linux doubles what is asked for, and programs have learned to expect it.
    const int wanted = TRY(option_value<int>(value));
    limit_ = std::clamp(wanted, least_limit / 2, default_limit) * 2;
    return {};
  }
  if (level == SOL_SOCKET && name == SO_SNDBUF) {
    const int wanted = TRY(option_value<int>(value));
    send_limit_ = std::clamp(wanted, least_send_limit / 2, default_limit) * 2;
    return {};
  }
  if (level == SOL_SOCKET && (name == SO_TIMESTAMP || name == SO_TIMESTAMPNS)) {
    return set_time_option(name, value);
  }
  if (level == IPPROTO_IP && (name == IP_ADD_MEMBERSHIP || name == IP_DROP_MEMBERSHIP)) {
    return set_group_v4(groups_, name, value);
  }
  if (level == IPPROTO_IPV6 && family() == Family::ipv6 &&
      (name == IPV6_JOIN_GROUP || name == IPV6_LEAVE_GROUP)) {
    return set_group_v6(groups_, name, value);
  }
  if (const auto done = set_multicast_option(level, name, value)) {
    return *done;
  }
  if (level == IPPROTO_IP && name == IP_PKTINFO && family() == Family::ipv4) {
    wants_destination_ = TRY(flag_value(value));
    return {};
  }
  if (level == IPPROTO_IPV6 && name == IPV6_RECVPKTINFO && family() == Family::ipv6) {
    wants_destination_ = TRY(flag_value(value));
    return {};
  }
  return fail(std::errc::no_protocol_option);
}

Result<> UdpSocket::set_time_option(int name, std::span<const std::byte> value) {
  wants_time_ = TRY(flag_value(value)) ? name : 0; // one at a time, and none ends both, as on Linux
  return {};
}

Result<> UdpSocket::set_option(int level, int name, std::span<const std::byte> value) {
  const StackUse use;
  if (level == IPPROTO_IPV6 && name == IPV6_V6ONLY && bound_) {
    return fail(std::errc::invalid_argument);
  }
  if (const auto done = set_common_option(level, name, value)) {
    if (name == IPV6_V6ONLY && level == IPPROTO_IPV6) {
      IP_SET_TYPE_VAL(pcb_->local_ip, lwip_type());
      IP_SET_TYPE_VAL(pcb_->remote_ip, lwip_type());
    }
    return *done;
  }
  if (const auto done = set_ip_option(*ip(), level, name, value)) {
    return *done;
  }
  return set_udp_option(level, name, value);
}

Result<std::size_t> UdpSocket::get_option(int level, int name, std::span<std::byte> value) {
  const StackUse use;
  if (const auto size = get_common_option(level, name, value)) {
    return *size;
  }
  if (const auto size = get_ip_option(*ip(), level, name, value)) {
    return *size;
  }
  if (level == SOL_SOCKET && name == SO_RCVBUF) {
    return put_option(value, limit_);
  }
  if (level == SOL_SOCKET && name == SO_ACCEPTCONN) {
    return put_option(value, 0);
  }
  if (level == SOL_SOCKET && (name == SO_TIMESTAMP || name == SO_TIMESTAMPNS)) {
    return put_option(value, int{wants_time_ == name});
  }
  if (level == SOL_SOCKET && name == SO_SNDBUF) {
    return put_option(value, send_limit_);
  }
  if ((level == IPPROTO_IP && name == IP_PKTINFO && family() == Family::ipv4) ||
      (level == IPPROTO_IPV6 && name == IPV6_RECVPKTINFO && family() == Family::ipv6)) {
    return put_option(value, int{wants_destination_});
  }
  if (const auto size = get_multicast_option(level, name, value)) {
    return *size;
  }
  return fail(std::errc::no_protocol_option);
}

Result<long> UdpSocket::ioctl(unsigned long request, std::uint64_t argument) {
  if (request != FIONREAD) {
    return interface_request(request, argument);
  }
  const StackUse use;
  const int size = received_.empty() ? 0 : received_.front()->data->tot_len;
  TRY(mm::copy_out(mm::VirtualAddress(argument), std::as_bytes(std::span(&size, 1))));
  return 0;
}

} // namespace skerry::net
