// SPDX-License-Identifier: Apache-2.0
// See the header. Where lwIP calls TCP it calls the functions below (cmake/Lwip.cmake).
#include "src/net/tcp_protocol.hpp"

#include "src/net/lwip.hpp"
#include "src/net/tcp_end.hpp"

#include <kernel/exit.hpp>

namespace skerry::net {
namespace {

struct TcpProtocol {
  void (*input)(pbuf* segment, netif* from);
  void (*timer)();
  void (*address_changed)(const ip_addr_t* before, const ip_addr_t* after);
};

constexpr TcpProtocol lwip_tcp{tcp_input, tcp_tmr, tcp_netif_ip_addr_changed};

/// Belongs to the CPU of the stack.
constinit const TcpProtocol* protocol = nullptr;
constinit BacklogDrops drops;

bool is_sound(pbuf& segment, netif& from) {
  if (segment.len < TCP_HLEN) {
    return false;
  }
  IF__NETIF_CHECKSUM_ENABLED(&from, NETIF_CHECKSUM_CHECK_TCP) {
    return ip_chksum_pseudo(&segment, IP_PROTO_TCP, segment.tot_len, ip_current_src_addr(),
                            ip_current_dest_addr()) == 0;
  }
  return true;
}

/// The answer of a closed port (RFC 9293, 3.10.7.1).
void reset(pbuf& segment, netif& from) {
  const auto& header = *static_cast<const tcp_hdr*>(segment.payload);
  const unsigned flags = TCPH_FLAGS(&header);
  const unsigned header_bytes = TCPH_HDRLEN_BYTES(&header);
  if ((flags & TCP_RST) != 0 || header_bytes < TCP_HLEN || header_bytes > segment.tot_len) {
    return;
  }
  const u32_t length =
      segment.tot_len - header_bytes + ((flags & (TCP_SYN | TCP_FIN)) != 0 ? 1U : 0U);
  tcp_rst_netif(&from, lwip_ntohl(header.ackno), lwip_ntohl(header.seqno) + length,
                ip_current_dest_addr(), ip_current_src_addr(), lwip_ntohs(header.dest),
                lwip_ntohs(header.src));
}

} // namespace

void use_tcp() {
  protocol = &lwip_tcp;
  kernel::set_last_act(end_connections);
}

const BacklogDrops& backlog_drops() {
  return drops;
}

} // namespace skerry::net

using namespace skerry;

extern "C" {

void skerry_net_backlog_full() {
  ++net::drops.backlog_full;
}

void skerry_net_half_open_dropped() {
  ++net::drops.half_open;
}

void skerry_net_tcp_input(pbuf* segment, netif* from) {
  if (net::protocol != nullptr) {
    net::protocol->input(segment, from);
    return;
  }
  const ip_addr_t& to = *ip_current_dest_addr();
  if (!ip_addr_isbroadcast(&to, from) && !ip_addr_ismulticast(&to) &&
      net::is_sound(*segment, *from)) {
    net::reset(*segment, *from);
  }
  pbuf_free(segment);
}

void skerry_net_tcp_timer() {
  if (net::protocol != nullptr) {
    net::protocol->timer();
  }
}

void skerry_net_tcp_address_changed(const ip_addr_t* before, const ip_addr_t* after) {
  if (net::protocol != nullptr) {
    net::protocol->address_changed(before, after);
  }
}
}
