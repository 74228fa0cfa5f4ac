// SPDX-License-Identifier: Apache-2.0
// From lwIP's view of a connection to Linux' (linux/tcp.h).
#include "src/net/tcp_info.hpp"

#include <netinet/tcp.h>

namespace skerry::net {
namespace {

constexpr std::uint32_t microseconds_per_tick = 1000 * TCP_SLOW_INTERVAL;

std::uint8_t state_of(const tcp_pcb& pcb) {
  switch (pcb.state) {
  case CLOSED:
    return TCP_CLOSE;
  case LISTEN:
    return TCP_LISTEN;
  case SYN_SENT:
    return TCP_SYN_SENT;
  case SYN_RCVD:
    return TCP_SYN_RECV;
  case ESTABLISHED:
    return TCP_ESTABLISHED;
  case FIN_WAIT_1:
    return TCP_FIN_WAIT1;
  case FIN_WAIT_2:
    return TCP_FIN_WAIT2;
  case CLOSE_WAIT:
    return TCP_CLOSE_WAIT;
  case CLOSING:
    return TCP_CLOSING;
  case LAST_ACK:
    return TCP_LAST_ACK;
  case TIME_WAIT:
    return TCP_TIME_WAIT;
  }
  return TCP_CLOSE;
}

std::uint32_t count(const tcp_seg* first) {
  std::uint32_t segments = 0;
  for (const tcp_seg* segment = first; segment != nullptr; segment = segment->next) {
    ++segments;
  }
  return segments;
}

} // namespace

TcpInfo tcp_info_of(const tcp_pcb& pcb) {
  TcpInfo info;
  info.state = state_of(pcb);
  info.retransmits = pcb.nrtx;
  info.probes = pcb.persist_probe;
  info.backoff = pcb.persist_backoff;
  if ((pcb.flags & TF_WND_SCALE) != 0) {
    info.options |= TCPI_OPT_WSCALE;
    info.window_scales = static_cast<std::uint8_t>((pcb.snd_scale & 15) | (pcb.rcv_scale << 4));
  }
  if ((pcb.flags & TF_SACK) != 0) {
    info.options |= TCPI_OPT_SACK;
  }
  info.retransmission_timeout = static_cast<std::uint32_t>(pcb.rto) * microseconds_per_tick;
  info.send_segment_bytes = tcp_mss(&pcb);
  info.unacknowledged = count(pcb.unacked);
  info.round_trip = static_cast<std::uint32_t>(pcb.sa) * microseconds_per_tick / 8;
  info.round_trip_variance = static_cast<std::uint32_t>(pcb.sv) * microseconds_per_tick / 4;
  info.send_threshold = pcb.ssthresh / pcb.mss;
  info.congestion_window = pcb.cwnd / pcb.mss;
  info.advertised_segment_bytes = TCP_MSS;
  info.receive_space = pcb.rcv_wnd;
  info.total_retransmits = pcb.total_retrans;
  return info;
}

} // namespace skerry::net
