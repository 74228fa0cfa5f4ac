// SPDX-License-Identifier: Apache-2.0
// Frames of IPv6 and of neighbour discovery made by hand.
#pragma once

#include "frames.hpp"

namespace skerry::net::test {

using Ip6 = std::array<std::uint8_t, 16>;

inline constexpr Ip6 peer_link_local{0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
inline constexpr Ip6 all_nodes{0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
/// Of our card.
inline constexpr std::array<std::uint8_t, 8> our_interface_id{0x50, 0x54, 0, 0xff, 0xfe, 0, 0, 2};

/// Types of ICMPv6 messages (RFC 4861, 4).
inline constexpr std::uint8_t router_advertisement = 134;
inline constexpr std::uint8_t neighbor_solicitation = 135;
inline constexpr std::uint8_t neighbor_advertisement = 136;

/// fdPP:0:0:SS::H
constexpr Ip6 local_ip6(std::uint8_t place, std::uint8_t subnet, std::uint8_t host) {
  return {0xfd, place, 0, 0, 0, 0, 0, subnet, 0, 0, 0, 0, 0, 0, 0, host};
}

inline Bytes ipv6(std::uint8_t protocol, std::span<const std::uint8_t> payload, Ip6 from, Ip6 to) {
  Bytes packet{0x60, 0, 0, 0};
  append16(packet, static_cast<unsigned>(payload.size()));
  append(packet, Bytes{protocol, 255});
  append(packet, from);
  append(packet, to);
  append(packet, payload);
  return ethernet(0x86dd, packet);
}

/// Stores the checksum of `payload` at `at`, with that of addresses and protocol (RFC 8200, 8.1).
inline void seal6(Bytes& payload, std::size_t at, std::uint8_t protocol, Ip6 from, Ip6 to) {
  Bytes pseudo;
  append(pseudo, from);
  append(pseudo, to);
  append32(pseudo, static_cast<std::uint32_t>(payload.size()));
  append32(pseudo, protocol);
  seal(payload, at, pseudo);
}

inline Bytes icmp6(Bytes message, Ip6 from, Ip6 to) {
  seal6(message, 2, 58, from, to);
  return ipv6(58, message, from, to);
}

/// The part of a packet from byte `at` of its payload on, a multiple of 8 (RFC 8200, 4.5).
inline Bytes ipv6_fragment(std::uint8_t protocol, std::span<const std::uint8_t> part,
                           std::size_t at, bool more, Ip6 from, Ip6 to) {
  Bytes payload{protocol, 0};
  append16(payload, static_cast<unsigned>(at) | (more ? 1U : 0U));
  append32(payload, 7); // the packet's number
  append(payload, part);
  return ipv6(44, payload, from, to);
}

/// "Who has `target`?" with the peer's link-layer address.
inline Bytes solicitation(Ip6 target, Ip6 from) {
  Bytes message{neighbor_solicitation, 0, 0, 0, 0, 0, 0, 0};
  append(message, target);
  append(message, Bytes{1, 1});
  append(message, peer_mac);
  return icmp6(message, from, target);
}

/// "The peer has `target`."
inline Bytes advertisement(Ip6 target, Ip6 to) {
  Bytes message{neighbor_advertisement, 0, 0, 0, 0x20, 0, 0, 0};
  append(message, target);
  append(message, Bytes{2, 1});
  append(message, peer_mac);
  return icmp6(message, target, to);
}

/// An IPv6 packet as we sent it.
struct Packet6 {
  Mac to_mac{};
  Ip6 from{};
  Ip6 to{};
  unsigned protocol = 0;
  Bytes payload;

  [[nodiscard]] bool is_icmp(std::uint8_t type) const {
    return protocol == 58 && payload.at(0) == type;
  }
  /// Of a message of neighbour discovery.
  [[nodiscard]] Ip6 target() const {
    Ip6 address;
    std::copy_n(payload.begin() + 8, address.size(), address.begin());
    return address;
  }
};

inline std::vector<Packet6> take_packets6(std::vector<Bytes>& sent) {
  std::vector<Packet6> packets;
  for (const Bytes& frame : std::exchange(sent, {})) {
    if (frame.size() >= 54 && get16(frame, 12) == 0x86dd) {
      Packet6 packet{.protocol = frame[20], .payload = Bytes(frame.begin() + 54, frame.end())};
      std::copy_n(frame.begin(), 6, packet.to_mac.begin());
      std::copy_n(frame.begin() + 22, 16, packet.from.begin());
      std::copy_n(frame.begin() + 38, 16, packet.to.begin());
      packets.push_back(std::move(packet));
    }
  }
  return packets;
}

} // namespace skerry::net::test
