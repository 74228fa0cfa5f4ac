// SPDX-License-Identifier: Apache-2.0
// Ethernet frames made by hand, with checksums that are right unless a test wants them wrong.
#pragma once

#include "src/net/lwip/checksum.hpp"

#include <core/endian.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <span>
#include <vector>

namespace skerry::net::test {

using Bytes = std::vector<std::uint8_t>;
using Mac = std::array<std::uint8_t, 6>;
using Ip4 = std::array<std::uint8_t, 4>;

inline constexpr Mac our_mac{0x52, 0x54, 0, 0, 0, 2};
inline constexpr Mac peer_mac{0x52, 0x54, 0, 0, 0, 1};
inline constexpr Ip4 our_ip{10, 0, 0, 2};
inline constexpr Ip4 peer_ip{10, 0, 0, 1};

inline void append(Bytes& to, std::span<const std::uint8_t> bytes) {
  to.insert(to.end(), bytes.begin(), bytes.end());
}
inline void append16(Bytes& to, unsigned value) {
  to.push_back(static_cast<std::uint8_t>(value >> 8U));
  to.push_back(static_cast<std::uint8_t>(value));
}
inline void append32(Bytes& to, std::uint32_t value) {
  append16(to, value >> 16U);
  append16(to, value & 0xffff);
}
inline unsigned get16(std::span<const std::uint8_t> from, std::size_t at) {
  return static_cast<unsigned>(from[at] << 8U) | from[at + 1];
}
inline std::uint32_t get32(std::span<const std::uint8_t> from, std::size_t at) {
  return (get16(from, at) << 16U) | get16(from, at + 2);
}

inline Bytes ethernet(unsigned type, std::span<const std::uint8_t> payload) {
  Bytes frame;
  append(frame, our_mac);
  append(frame, peer_mac);
  append16(frame, type);
  append(frame, payload);
  return frame;
}

/// Stores the checksum of `bytes` with `pseudo` before it at `at`.
inline void seal(Bytes& bytes, std::size_t at, const Bytes& pseudo = {}) {
  Bytes all = pseudo;
  append(all, bytes);
  const std::uint16_t sum = ~internet_sum(std::as_bytes(std::span(all)));
  std::memcpy(bytes.data() + at, &sum, sizeof sum);
}

/// The packet whose flags and offset are `fragment` (RFC 791, 3.1).
inline Bytes ipv4_packet(unsigned protocol, std::span<const std::uint8_t> payload,
                         unsigned fragment, Ip4 from, Ip4 to) {
  Bytes packet{0x45, 0};
  append16(packet, static_cast<unsigned>(20 + payload.size()));
  append16(packet, 0);
  append16(packet, fragment);
  append(packet, std::array<std::uint8_t, 4>{64, static_cast<std::uint8_t>(protocol), 0, 0});
  append(packet, from);
  append(packet, to);
  seal(packet, 10);
  append(packet, payload);
  return ethernet(0x0800, packet);
}

inline Bytes ipv4(unsigned protocol, std::span<const std::uint8_t> payload, Ip4 from = peer_ip,
                  Ip4 to = our_ip) {
  return ipv4_packet(protocol, payload, 0, from, to);
}

/// The part of a packet from byte `at` of its payload on, a multiple of 8.
inline Bytes ipv4_fragment(unsigned protocol, std::span<const std::uint8_t> part, std::size_t at,
                           bool more) {
  const unsigned more_fragments = more ? 0x2000 : 0;
  return ipv4_packet(protocol, part, static_cast<unsigned>(at / 8) | more_fragments, peer_ip,
                     our_ip);
}

/// A datagram without a checksum, as IPv4 allows.
inline Bytes udp(unsigned from_port, unsigned to_port, std::span<const std::uint8_t> payload,
                 Ip4 from = peer_ip, Ip4 to = our_ip) {
  Bytes bytes;
  append16(bytes, from_port);
  append16(bytes, to_port);
  append16(bytes, static_cast<unsigned>(8 + payload.size()));
  append16(bytes, 0);
  append(bytes, payload);
  return ipv4(17, bytes, from, to);
}

// TCP flags.
inline constexpr unsigned fin = 1;
inline constexpr unsigned syn = 2;
inline constexpr unsigned rst = 4;
inline constexpr unsigned ack = 16;

struct Segment {
  unsigned from = 4000;
  unsigned to = 80;
  std::uint32_t sequence = 0;
  std::uint32_t acknowledged = 0;
  unsigned flags = 0;
  unsigned window = 65535;
  Bytes options{}; ///< a multiple of 4 bytes
  Bytes data{};
};

/// The segment on its way from the peer to us.
inline Bytes tcp(const Segment& segment) {
  Bytes bytes;
  append16(bytes, segment.from);
  append16(bytes, segment.to);
  append32(bytes, segment.sequence);
  append32(bytes, segment.acknowledged);
  append16(bytes, static_cast<unsigned>((20 + segment.options.size()) / 4 << 12U) | segment.flags);
  append16(bytes, segment.window);
  append32(bytes, 0);
  append(bytes, segment.options);
  append(bytes, segment.data);
  Bytes pseudo;
  append(pseudo, peer_ip);
  append(pseudo, our_ip);
  append16(pseudo, 6);
  append16(pseudo, static_cast<unsigned>(bytes.size()));
  seal(bytes, 16, pseudo);
  return ipv4(6, bytes);
}

/// What a frame that we sent says, when it is TCP over IPv4.
inline Segment parse_tcp(std::span<const std::uint8_t> frame) {
  const auto packet = frame.subspan(14);
  const auto bytes = packet.subspan((packet[0] & 15U) * 4);
  const std::size_t header = (bytes[12] >> 4U) * 4;
  const auto data = packet.first(get16(packet, 2)).subspan((packet[0] & 15U) * 4 + header);
  return {.from = get16(bytes, 0),
          .to = get16(bytes, 2),
          .sequence = get32(bytes, 4),
          .acknowledged = get32(bytes, 8),
          .flags = bytes[13],
          .window = get16(bytes, 14),
          .options = Bytes(bytes.begin() + 20, bytes.begin() + static_cast<std::ptrdiff_t>(header)),
          .data = Bytes(data.begin(), data.end())};
}

} // namespace skerry::net::test
