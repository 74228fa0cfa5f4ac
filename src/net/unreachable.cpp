// SPDX-License-Identifier: Apache-2.0
// What a message "port unreachable" (RFC 792; RFC 4443, 3.1) means for the socket whose datagram it
// quotes.
#include "src/net/unreachable.hpp"

#include <array>
#include <cstddef>
#include <optional>

namespace skerry::net {
namespace {

/// Belongs to the CPU of the stack.
constinit RefusalHandler refusal_handler = nullptr;

constexpr u16_t message_header = 8;
constexpr u16_t ports_bytes = 4;

/// The datagram that a message quotes, as we sent it.
struct Quoted {
  ip_addr_t from{};
  ip_addr_t to{};
  u16_t from_port = 0;
  u16_t to_port = 0;
};

template <class T> bool copy_out(const pbuf& message, std::size_t offset, T& value) {
  return pbuf_copy_partial(&message, &value, sizeof value, static_cast<u16_t>(offset)) ==
         sizeof value;
}

bool read_ports(const pbuf& message, std::size_t offset, Quoted& quoted) {
  std::array<u16_t, 2> ports{};
  static_assert(sizeof ports == ports_bytes);
  if (!copy_out(message, offset, ports)) {
    return false;
  }
  quoted.from_port = lwip_ntohs(ports[0]);
  quoted.to_port = lwip_ntohs(ports[1]);
  return true;
}

std::optional<Quoted> read_ipv4(const pbuf& message) {
  ip_hdr header;
  Quoted quoted;
  if (pbuf_get_at(&message, 1) != ICMP_DUR_PORT ||
      inet_chksum_pbuf(const_cast<pbuf*>(&message)) != 0 ||
      !copy_out(message, message_header, header) || IPH_PROTO(&header) != IP_PROTO_UDP ||
      !read_ports(message, message_header + IPH_HL_BYTES(&header), quoted)) {
    return std::nullopt;
  }
  ip_addr_copy_from_ip4(quoted.from, header.src);
  ip_addr_copy_from_ip4(quoted.to, header.dest);
  return quoted;
}

/// lwIP has checked the sum.
std::optional<Quoted> read_ipv6(const pbuf& message) {
  ip6_hdr header;
  Quoted quoted;
  if (pbuf_get_at(&message, 1) != ICMP6_DUR_PORT || !copy_out(message, message_header, header) ||
      IP6H_NEXTH(&header) != IP6_NEXTH_UDP ||
      !read_ports(message, message_header + IP6_HLEN, quoted)) {
    return std::nullopt;
  }
  ip_addr_copy_from_ip6_packed(quoted.from, header.src);
  ip_addr_copy_from_ip6_packed(quoted.to, header.dest);
  return quoted;
}

bool is_sender(const udp_pcb& pcb, const Quoted& quoted) {
  return (pcb.flags & UDP_FLAGS_CONNECTED) != 0 && pcb.local_port == quoted.from_port &&
         pcb.remote_port == quoted.to_port && ip_addr_zoneless_eq(&pcb.remote_ip, &quoted.to) &&
         (ip_addr_isany(&pcb.local_ip) || ip_addr_zoneless_eq(&pcb.local_ip, &quoted.from));
}

} // namespace

void tell_of_refusals(RefusalHandler handler) {
  refusal_handler = handler;
}

} // namespace skerry::net

using namespace skerry::net;

extern "C" void skerry_net_unreachable(const pbuf* message) {
  const auto quoted = ip_current_is_v6() ? read_ipv6(*message) : read_ipv4(*message);
  // Who quotes our datagram sends it back to where it came from.
  if (!quoted || refusal_handler == nullptr ||
      !ip_addr_zoneless_eq(&quoted->from, ip_current_dest_addr())) {
    return;
  }
  for (udp_pcb* pcb = udp_pcbs; pcb != nullptr; pcb = pcb->next) {
    if (is_sender(*pcb, *quoted)) {
      refusal_handler(*pcb);
      return;
    }
  }
}
