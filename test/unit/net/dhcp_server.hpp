// SPDX-License-Identifier: Apache-2.0
// A DHCP server made by hand: it reads what the client of a Network sends, and answers what a test
// says (RFC 2131).
#pragma once

#include "network.hpp"

#include <map>
#include <optional>

namespace skerry::net::test {

/// Kinds of messages (RFC 2132, 9.6).
enum class Dhcp : std::uint8_t { discover = 1, offer, request, decline, ack, nak, release };

using Options = std::map<std::uint8_t, Bytes>;

struct DhcpMessage {
  Dhcp kind{};
  std::uint32_t transaction = 0;
  Ip4 client{};      ///< the address that the client has
  Ip4 destination{}; ///< of the packet
  Options options;
};

inline constexpr Ip4 broadcast{255, 255, 255, 255};

/// The options of a lease for an hour of 10.0.0.2/24, whose server is the peer.
inline Options a_lease() {
  return {
      {1, {255, 255, 255, 0}}, {51, {0, 0, 14, 16}}, {54, Bytes(peer_ip.begin(), peer_ip.end())}};
}

inline std::optional<DhcpMessage> parse_dhcp(std::span<const std::uint8_t> frame) {
  constexpr std::size_t at = 14 + 20 + 8;
  if (frame.size() < at + 240 || get16(frame, 12) != 0x0800 || frame[23] != 17 ||
      get16(frame, 36) != 67) {
    return std::nullopt;
  }
  const auto bytes = frame.subspan(at);
  DhcpMessage message{.transaction = get32(bytes, 4), .options = {}};
  std::ranges::copy(bytes.subspan(12, 4), message.client.begin());
  std::ranges::copy(frame.subspan(30, 4), message.destination.begin());
  for (std::size_t i = 240; i + 1 < bytes.size() && bytes[i] != 255;) {
    const auto value = bytes.subspan(i + 2, bytes[i + 1]);
    message.options[bytes[i]] = Bytes(value.begin(), value.end());
    i += 2 + value.size();
  }
  message.kind = static_cast<Dhcp>(message.options[53].at(0));
  return message;
}

class DhcpServer {
public:
  explicit DhcpServer(Network& network) : network_(network) {}

  /// What the client has sent since the last call.
  std::vector<DhcpMessage> take() {
    std::vector<DhcpMessage> messages;
    for (const Bytes& frame : std::exchange(network_.card.sent, {})) {
      if (auto message = parse_dhcp(frame)) {
        transaction_ = message->transaction;
        messages.push_back(std::move(*message));
      }
    }
    return messages;
  }
  /// The one message of that kind among them; an empty one when there is none.
  DhcpMessage take(Dhcp kind) {
    for (DhcpMessage& message : take()) {
      if (message.kind == kind) {
        return std::move(message);
      }
    }
    ADD_FAILURE() << "the client sent no message of kind " << static_cast<int>(kind);
    return {};
  }

  /// The two fields of a reply that may hold options too.
  Bytes name_and_file = Bytes(64 + 128);

  /// Answers the last message with `raw` options behind those of the map.
  void answer(Dhcp kind, const Options& options, const Bytes& raw = {}, Ip4 given = our_ip) {
    Bytes bytes{2, 1, 6, 0};
    append32(bytes, transaction_);
    append(bytes, Bytes(8));
    append(bytes, given);
    append(bytes, Bytes(8));
    append(bytes, our_mac);
    append(bytes, Bytes(10));
    append(bytes, name_and_file);
    append32(bytes, 0x63825363);
    append(bytes, Bytes{53, 1, static_cast<std::uint8_t>(kind)});
    for (const auto& [option, value] : options) {
      append(bytes, Bytes{option, static_cast<std::uint8_t>(value.size())});
      append(bytes, value);
    }
    append(bytes, raw);
    bytes.push_back(255);
    network_.send(udp(67, 68, bytes, peer_ip, broadcast));
  }

  /// From the first message to a lease with these options.
  void lease(const Options& options, const Bytes& raw = {}) {
    (void)take(Dhcp::discover);
    answer(Dhcp::offer, options, raw);
    (void)take(Dhcp::request);
    answer(Dhcp::ack, options, raw);
  }

private:
  Network& network_;
  std::uint32_t transaction_ = 0;
};

} // namespace skerry::net::test
