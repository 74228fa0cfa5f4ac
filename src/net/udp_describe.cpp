// SPDX-License-Identifier: Apache-2.0
// What is told of a datagram beside its bytes, to who asked for it.
#include "src/net/address_search.hpp"
#include "src/net/udp_socket.hpp"

#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

namespace skerry::net {
namespace {

void put_time(int option, std::int64_t nanoseconds, ControlSink& sink) {
  constexpr std::int64_t per_second = 1'000'000'000;
  if (option == SO_TIMESTAMPNS) {
    const timespec time{.tv_sec = nanoseconds / per_second, .tv_nsec = nanoseconds % per_second};
    sink.put(SOL_SOCKET, SCM_TIMESTAMPNS, std::as_bytes(std::span(&time, 1)));
    return;
  }
  const timeval time{.tv_sec = nanoseconds / per_second,
                     .tv_usec = nanoseconds % per_second / 1000};
  sink.put(SOL_SOCKET, SCM_TIMESTAMP, std::as_bytes(std::span(&time, 1)));
}

} // namespace

void UdpSocket::describe(const Received& datagram, ControlSink& sink) const {
  if (datagram.when && wants_time_ != 0) {
    put_time(wants_time_, *datagram.when, sink);
  }
  if (!wants_destination_ || !datagram.to) {
    return;
  }
  const Address& to = *datagram.to;
  if (to.family == Family::ipv6) {
    in6_pktinfo info{};
    std::memcpy(&info.ipi6_addr, to.bytes.data(), sizeof info.ipi6_addr);
    info.ipi6_ifindex = datagram.interface;
    sink.put(IPPROTO_IPV6, IPV6_PKTINFO, std::as_bytes(std::span(&info, 1)));
    return;
  }
  in_pktinfo info{};
  info.ipi_ifindex = static_cast<int>(datagram.interface);
  std::memcpy(&info.ipi_addr, to.bytes.data(), sizeof info.ipi_addr);
  info.ipi_spec_dst = info.ipi_addr;
  if (!is_own_address(to_ip(to))) { // a group's, or a broadcast: what an answer is sent from
    const netif* interface = netif_get_by_index(static_cast<u8_t>(datagram.interface));
    info.ipi_spec_dst.s_addr = interface != nullptr ? netif_ip4_addr(interface)->addr : INADDR_ANY;
  }
  sink.put(IPPROTO_IP, IP_PKTINFO, std::as_bytes(std::span(&info, 1)));
}

} // namespace skerry::net
