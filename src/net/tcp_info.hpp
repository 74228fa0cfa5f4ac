// SPDX-License-Identifier: Apache-2.0
// What a connection is doing, for TCP_INFO (tcp(7)).
#pragma once

#include "src/net/lwip.hpp"

#include <cstdint>

namespace skerry::net {

/// The first 104 bytes of Linux' struct tcp_info, which is what kernels before 3.15 have. Times are
/// in microseconds unless they say otherwise. What TCP here does not keep is 0: who sends what and
/// when (last_*), the peer's segment size, and estimates of the receiver.
struct TcpInfo {
  std::uint8_t state = 0; ///< as <netinet/tcp.h> numbers them
  std::uint8_t congestion_state = 0;
  std::uint8_t retransmits = 0; ///< of what is unacknowledged now
  std::uint8_t probes = 0;
  std::uint8_t backoff = 0;
  std::uint8_t options = 0;
  std::uint8_t window_scales = 0; ///< the peer's in the lower four bits, ours in the upper
  std::uint8_t flags = 0;
  std::uint32_t retransmission_timeout = 0;
  std::uint32_t ato = 0;
  std::uint32_t send_segment_bytes = 0;
  std::uint32_t receive_segment_bytes = 0;
  std::uint32_t unacknowledged = 0; ///< segments
  std::uint32_t sacked = 0;
  std::uint32_t lost = 0;
  std::uint32_t retransmitted = 0;
  std::uint32_t fackets = 0;
  std::uint32_t last_data_sent = 0;
  std::uint32_t last_ack_sent = 0;
  std::uint32_t last_data_received = 0;
  std::uint32_t last_ack_received = 0;
  std::uint32_t path_mtu = 0;
  std::uint32_t receive_threshold = 0;
  std::uint32_t round_trip = 0; ///< lwIP measures in half seconds
  std::uint32_t round_trip_variance = 0;
  std::uint32_t send_threshold = 0;    ///< segments
  std::uint32_t congestion_window = 0; ///< segments
  std::uint32_t advertised_segment_bytes = 0;
  std::uint32_t reordering = 0;
  std::uint32_t receive_round_trip = 0;
  std::uint32_t receive_space = 0; ///< bytes
  std::uint32_t total_retransmits = 0;
};
static_assert(sizeof(TcpInfo) == 104);

/// Context: thread, with a StackUse.
[[nodiscard]] TcpInfo tcp_info_of(const tcp_pcb& pcb);

} // namespace skerry::net
