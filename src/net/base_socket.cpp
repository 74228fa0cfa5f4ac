// SPDX-License-Identifier: Apache-2.0
// Options that all sockets have.
#include "src/net/base_socket.hpp"

#include "src/net/interface_names.hpp"
#include "src/net/port_groups.hpp"

#include <fs/node.hpp>
#include <net/if.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <utility>

namespace skerry::net {
namespace {

Result<> set_ip_flag(ip_pcb& pcb, u8_t flag, std::span<const std::byte> value) {
  const bool on = TRY(option_value<int>(value)) != 0;
  if (on && flag == SOF_REUSEPORT) {
    TRY(prepare_port_groups());
  }
  if (on) {
    ip_set_option(&pcb, flag);
  } else {
    ip_reset_option(&pcb, flag);
  }
  return {};
}

/// The lwIP option of SOL_SOCKET with that name.
std::optional<u8_t> ip_flag_of(int name) {
  switch (name) {
  case SO_REUSEADDR:
    return SOF_REUSEADDR;
  case SO_REUSEPORT:
    return SOF_REUSEPORT;
  case SO_KEEPALIVE:
    return SOF_KEEPALIVE;
  case SO_BROADCAST:
    return SOF_BROADCAST;
  default:
    return std::nullopt;
  }
}

/// A byte of the header that an option sets; -1 stands for the default, if there is one.
Result<> set_byte(u8_t& place, std::span<const std::byte> value, int least, int default_value) {
  const int wanted = TRY(small_value(value));
  const int number = wanted == -1 ? default_value : wanted;
  if (number < least || number > 255) {
    return fail(std::errc::invalid_argument);
  }
  place = static_cast<u8_t>(number);
  return {};
}

/// Whether it is one of two names for the same byte of a header. A socket of IPv6 takes the options
/// of IPv4 too, for it can have peers of both.
bool is_either(Family family, int level, int name, int name_v4, int name_v6) {
  return (level == IPPROTO_IP && name == name_v4) ||
         (level == IPPROTO_IPV6 && name == name_v6 && family == Family::ipv6);
}

bool is_hop_limit(Family family, int level, int name) {
  return is_either(family, level, name, IP_TTL, IPV6_UNICAST_HOPS);
}

/// Routers may cut the packets of IPv4 into fragments: that is so for all, and can be asked for.
bool is_fragmentation(int level, int name) {
  return level == IPPROTO_IP && name == IP_MTU_DISCOVER;
}

/// Binds a socket to the interface of that name, or with none to no one. As on Linux no more than
/// IFNAMSIZ bytes of it count, and a zero ends it.
Result<> bind_to_interface(ip_pcb& pcb, std::span<const std::byte> value) {
  std::string_view name(reinterpret_cast<const char*>(value.data()), value.size());
  name = name.substr(0, std::min<std::size_t>(name.find('\0'), IFNAMSIZ - 1));
  if (name.empty()) {
    pcb.netif_idx = NETIF_NO_INDEX;
    return {};
  }
  const netif* interface = find_interface(name);
  if (interface == nullptr) {
    return fail(std::errc::no_such_device);
  }
  pcb.netif_idx = netif_get_index(interface);
  return {};
}

/// The name with its zero, or nothing.
std::size_t put_interface(const ip_pcb& pcb, std::span<std::byte> value) {
  const netif* interface = netif_get_by_index(pcb.netif_idx);
  if (interface == nullptr) {
    return 0;
  }
  const InterfaceName name = name_of(*interface);
  return std::min(put_option(value, name), std::string_view(name.data()).size() + 1);
}

bool is_traffic_class(Family family, int level, int name) {
  return is_either(family, level, name, IP_TOS, IPV6_TCLASS);
}

} // namespace

Result<std::size_t> BaseSocket::read(fs::UserBuffer& buffer) {
  return TRY(receive(buffer, {})).size_bytes;
}

Result<std::size_t> BaseSocket::write(fs::UserBuffer& buffer) {
  return send(buffer, {}, std::nullopt);
}

std::errc BaseSocket::take_error() {
  return std::exchange(error_, std::errc());
}

u8_t BaseSocket::lwip_type() const {
  if (family_ == Family::ipv4) {
    return IPADDR_TYPE_V4;
  }
  return only_v6_ ? IPADDR_TYPE_V6 : IPADDR_TYPE_ANY;
}

ip_addr_t BaseSocket::any_address() const {
  if (family_ == Family::ipv4) {
    return *IP4_ADDR_ANY;
  }
  return only_v6_ ? *IP6_ADDR_ANY : *IP_ANY_TYPE;
}

std::optional<Result<>> BaseSocket::set_common_option(int level, int name,
                                                      std::span<const std::byte> value) {
  if (level == IPPROTO_IPV6 && name == IPV6_V6ONLY && family_ == Family::ipv6) {
    const auto flag = option_value<int>(value);
    if (!flag) {
      return fail(flag.error());
    }
    only_v6_ = *flag != 0;
    return Result<>{};
  }
  if (level == SOL_SOCKET && name == SO_OOBINLINE) {
    const auto flag = flag_value(value);
    return flag && *flag ? Result<>() : fail(flag ? std::errc::no_protocol_option : flag.error());
  }
  if (level != SOL_SOCKET || (name != SO_RCVTIMEO && name != SO_SNDTIMEO)) {
    return std::nullopt;
  }
  const auto timeout = timeout_value(value);
  if (!timeout) {
    return fail(timeout.error());
  }
  (name == SO_RCVTIMEO ? receive_timeout_ : send_timeout_) = *timeout;
  return Result<>{};
}

std::optional<std::size_t> BaseSocket::get_common_option(int level, int name,
                                                         std::span<std::byte> value) {
  if (level == IPPROTO_IPV6 && name == IPV6_V6ONLY && family_ == Family::ipv6) {
    return put_option(value, int{only_v6_});
  }
  if (level != SOL_SOCKET) {
    return std::nullopt;
  }
  switch (name) {
  case SO_ERROR:
    return put_option(value, static_cast<int>(take_error()));
  case SO_TYPE:
    return put_option(value, type());
  case SO_DOMAIN:
    return put_option(value, family_ == Family::ipv4 ? AF_INET : AF_INET6);
  case SO_PROTOCOL:
    return put_option(value, protocol());
  case SO_OOBINLINE: // urgent data is among the rest, as RFC 6093 has it for all that is new
  case SO_SNDLOWAT:  // Linux tells 1 as well, whatever the socket does
    return put_option(value, 1);
  case SO_RCVTIMEO:
    return put_timeout(value, receive_timeout_);
  case SO_SNDTIMEO:
    return put_timeout(value, send_timeout_);
  default:
    return std::nullopt;
  }
}

std::optional<Result<>> BaseSocket::set_ip_option(ip_pcb& pcb, int level, int name,
                                                  std::span<const std::byte> value) {
  if (level == SOL_SOCKET) {
    if (name == SO_BINDTODEVICE) {
      return bind_to_interface(pcb, value);
    }
    const auto flag = ip_flag_of(name);
    return flag ? std::optional(set_ip_flag(pcb, *flag, value)) : std::nullopt;
  }
  if (is_fragmentation(level, name)) {
    const auto wanted = option_value<int>(value);
    return wanted && *wanted == IP_PMTUDISC_DONT
               ? Result<>()
               : fail(wanted ? std::errc::no_protocol_option : wanted.error());
  }
  if (is_hop_limit(family_, level, name)) {
    return set_byte(pcb.ttl, value, 1, IP_DEFAULT_TTL);
  }
  if (is_traffic_class(family_, level, name)) {
    return set_byte(pcb.tos, value, 0, 0);
  }
  return std::nullopt;
}

std::optional<std::size_t> BaseSocket::get_ip_option(const ip_pcb& pcb, int level, int name,
                                                     std::span<std::byte> value) {
  if (level == SOL_SOCKET) {
    if (name == SO_BINDTODEVICE) {
      return put_interface(pcb, value);
    }
    const auto flag = ip_flag_of(name);
    return flag ? std::optional(put_option(value, int{ip_get_option(&pcb, *flag) != 0}))
                : std::nullopt;
  }
  if (is_hop_limit(family_, level, name)) {
    return put_option(value, int{pcb.ttl});
  }
  if (is_traffic_class(family_, level, name)) {
    return put_option(value, int{pcb.tos});
  }
  if (is_fragmentation(level, name)) {
    return put_option(value, IP_PMTUDISC_DONT);
  }
  return std::nullopt;
}

fs::Status BaseSocket::status() {
  return {.mode = S_IFSOCK | S_IRWXU | S_IRWXG | S_IRWXO, .links = 1};
}

} // namespace skerry::net
