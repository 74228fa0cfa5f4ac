// SPDX-License-Identifier: Apache-2.0
// Options of UDP sockets, multicast groups among them.
#include "src/net/udp_socket.hpp"

#include <mm/user_copy.hpp>

#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace skerry::net {
namespace {

Result<> set_group_v4(int name, std::span<const std::byte> value) {
  const auto request = TRY(option_value<ip_mreq>(value));
  const ip4_addr_t group{.addr = request.imr_multiaddr.s_addr};
  const ip4_addr_t interface{.addr = request.imr_interface.s_addr};
  const err_t error = name == IP_ADD_MEMBERSHIP ? igmp_joingroup(&interface, &group)
                                                : igmp_leavegroup(&interface, &group);
  if (error != ERR_OK) {
    return fail(name == IP_ADD_MEMBERSHIP ? std::errc::no_such_device
                                          : std::errc::address_not_available);
  }
  return {};
}

Result<> set_group_v6(int name, std::span<const std::byte> value) {
  const auto request = TRY(option_value<ipv6_mreq>(value));
  ip6_addr_t group{};
  std::memcpy(group.addr, &request.ipv6mr_multiaddr, sizeof group.addr);
  netif* interface = request.ipv6mr_interface != 0
                         ? netif_get_by_index(static_cast<u8_t>(request.ipv6mr_interface))
                         : netif_default;
  if (interface == nullptr || request.ipv6mr_interface > UINT8_MAX) {
    return fail(std::errc::no_such_device);
  }
  ip6_addr_assign_zone(&group, IP6_MULTICAST, interface);
  const err_t error = name == IPV6_JOIN_GROUP ? mld6_joingroup_netif(interface, &group)
                                              : mld6_leavegroup_netif(interface, &group);
  if (error != ERR_OK) {
    return fail(std::errc::address_not_available);
  }
  return {};
}

} // namespace

Result<> UdpSocket::set_udp_option(int level, int name, std::span<const std::byte> value) {
  if (level == SOL_SOCKET && name == SO_RCVBUF) {
    // Linux doubles what is asked for, and programs have learned to expect it.
    const int wanted = TRY(option_value<int>(value));
    limit_ = std::clamp(wanted, least_limit / 2, default_limit) * 2;
    return {};
  }
  if (level == IPPROTO_IP && (name == IP_ADD_MEMBERSHIP || name == IP_DROP_MEMBERSHIP)) {
    return set_group_v4(name, value);
  }
  if (level == IPPROTO_IPV6 && (name == IPV6_JOIN_GROUP || name == IPV6_LEAVE_GROUP)) {
    return set_group_v6(name, value);
  }
  if (level == IPPROTO_IP && name == IP_MULTICAST_TTL) {
    // A byte or an int, as with every BSD.
    const int ttl = value.size() >= sizeof(int) ? TRY(option_value<int>(value))
                                                : int{TRY(option_value<std::uint8_t>(value))};
    if (ttl < 0 || ttl > UINT8_MAX) {
      return fail(std::errc::invalid_argument);
    }
    udp_set_multicast_ttl(pcb_, static_cast<u8_t>(ttl));
    return {};
  }
  return fail(std::errc::no_protocol_option);
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
  if (level == IPPROTO_IP && name == IP_MULTICAST_TTL) {
    return put_option(value, int{udp_get_multicast_ttl(pcb_)});
  }
  return fail(std::errc::no_protocol_option);
}

Result<long> UdpSocket::ioctl(unsigned long request, std::uint64_t argument) {
  if (request != FIONREAD) {
    return fail(std::errc::inappropriate_io_control_operation);
  }
  const StackUse use;
  const int size = received_.empty() ? 0 : received_.front()->data->tot_len;
  TRY(mm::copy_out(mm::VirtualAddress(argument), std::as_bytes(std::span(&size, 1))));
  return 0;
}

} // namespace skerry::net
