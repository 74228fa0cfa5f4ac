// SPDX-License-Identifier: Apache-2.0
// What src/net/lwip/patches mends in ARP and in neighbour discovery, one test each.
#include "network.hpp"

#include <gtest/gtest.h>

namespace skerry::net {
namespace {

using test::append;
using test::append16;
using test::append32;
using test::Bytes;
using test::Network;

constexpr std::array<std::uint8_t, 16> peer_ip6{0xfe, 0x80, 0, 0, 0, 0, 0, 0,
                                                0,    0,    0, 0, 0, 0, 0, 1};

class LinkPatches : public testing::Test {
protected:
  [[nodiscard]] std::array<std::uint8_t, 16> our_ip6() const {
    std::array<std::uint8_t, 16> bytes;
    std::memcpy(bytes.data(), netif_ip6_addr(&network.interface.lwip(), 0)->addr, bytes.size());
    return bytes;
  }

  /// ICMPv6 from the peer's link-local address.
  [[nodiscard]] Bytes icmp6(Bytes message, unsigned hop_limit = 255) const {
    Bytes pseudo;
    append(pseudo, peer_ip6);
    append(pseudo, our_ip6());
    append32(pseudo, static_cast<std::uint32_t>(message.size()));
    append32(pseudo, 58);
    test::seal(message, 2, pseudo);
    Bytes packet{0x60, 0, 0, 0};
    append16(packet, static_cast<unsigned>(message.size()));
    append(packet, std::array<std::uint8_t, 2>{58, static_cast<std::uint8_t>(hop_limit)});
    append(packet, peer_ip6);
    append(packet, our_ip6());
    append(packet, message);
    return test::ethernet(0x86dd, packet);
  }

  Network& network = Network::get();
};

TEST_F(LinkPatches, P0006_ArpFramesThatEndInsideTheirHeaderAreDropped) {
  Bytes request;
  append16(request, 1);
  append16(request, 0x0800);
  append(request, std::array<std::uint8_t, 4>{6, 4, 0, 1});
  append(request, test::peer_mac);
  append(request, test::peer_ip);
  append(request, test::Mac{});
  append(request, test::our_ip);
  const auto before = lwip_stats.etharp.lenerr;
  for (std::size_t size = 1; size < request.size(); ++size) {
    network.send(test::ethernet(0x0806, std::span(request).first(size)));
  }
  EXPECT_TRUE(network.card.sent.empty());
  EXPECT_EQ(lwip_stats.etharp.lenerr - before, request.size() - 1);
  network.send(test::ethernet(0x0806, request));
  EXPECT_EQ(network.card.sent.size(), 1U) << "a whole request is answered";
}

TEST_F(LinkPatches, P0005_LinkAddressesAreTakenFromWholeOptionsOnly) {
  network.pass(Duration::seconds(3)); // our address is no longer tentative
  network.card.sent.clear();
  for (const std::uint8_t length : {0, 1, 2, 255}) {
    for (const std::uint8_t kind : {135, 136, 137}) { // solicitation, advertisement, redirect
      Bytes message{kind, 0, 0, 0, 0x60, 0, 0, 0};
      append(message, our_ip6());
      if (kind == 137) {
        append(message, our_ip6());
      }
      append(message,
             std::array<std::uint8_t, 2>{static_cast<std::uint8_t>(kind == 135 ? 1 : 2), length});
      network.send(icmp6(message)); // the option ends after its length
    }
  }
  EXPECT_TRUE(network.card.sent.empty()) << "an answer to a neighbour without an address";
}

/// The path MTU to the peer, after the messages of routers that its link carries so much.
class PathMtu : public LinkPatches {
protected:
  void SetUp() override {
    std::memcpy(peer.addr, peer_ip6.data(), peer_ip6.size());
    ip6_addr_assign_zone(&peer, IP6_UNICAST, &network.interface.lwip());
    network.pass(Duration::seconds(3)); // our address is no longer tentative
    // Something is sent, so that the destination is remembered.
    const StackUse use;
    udp_pcb* pcb = udp_new_ip_type(IPADDR_TYPE_V6);
    pbuf* data = pbuf_alloc(PBUF_TRANSPORT, 8, PBUF_RAM);
    ip_addr_t to{};
    ip_addr_copy_from_ip6(to, peer);
    (void)udp_sendto(pcb, data, &to, 9);
    pbuf_free(data);
    udp_remove(pcb);
  }
  void TearDown() override {
    const StackUse use;
    nd6_clear_destination_cache();
  }

  [[nodiscard]] unsigned after(std::uint32_t mtu) {
    Bytes message{2, 0, 0, 0};
    append32(message, mtu);
    append(message, std::array<std::uint8_t, 8>{0x60, 0, 0, 0, 0, 8, 17, 64});
    append(message, our_ip6());
    append(message, peer_ip6);
    append(message, std::array<std::uint8_t, 8>{});
    network.send(icmp6(message, 64));
    return nd6_get_destination_mtu(&peer, &network.interface.lwip());
  }

  ip6_addr_t peer{};
};

TEST_F(PathMtu, P0007_StaysAbove1280) {
  for (const std::uint32_t mtu : {0U, 1U, 47U, 48U, 55U, 68U, 1279U}) {
    EXPECT_EQ(after(mtu), 1280U) << mtu;
  }
}

TEST_F(PathMtu, P0026_NeverRises) {
  EXPECT_EQ(after(9000), 1500U) << "the card's";
  EXPECT_EQ(after(1400), 1400U);
  EXPECT_EQ(after(1401), 1400U);
  EXPECT_EQ(after(0xffff'ffff), 1400U);
}

TEST_F(LinkPatches, P0011_HeadersThatThePacketDoesNotHoldAreNotRead) {
  for (std::size_t size = 1; size < 20; ++size) {
    network.send(test::ethernet(0x0800, Bytes(size, 0x45)));
  }
  for (std::size_t size = 1; size < 40; ++size) {
    network.send(test::ethernet(0x86dd, Bytes(size, 0x60)));
  }
  EXPECT_TRUE(network.card.sent.empty());
}

TEST_F(LinkPatches, FramesOfEverySizeAndTypeAreSurvived) {
  std::uint32_t state = 1;
  for (int round = 0; round < 20'000; ++round) {
    Bytes payload(round % 120);
    for (std::uint8_t& byte : payload) {
      state = state * 1664525 + 1013904223;
      byte = static_cast<std::uint8_t>(state >> 24U);
    }
    constexpr unsigned types[] = {0x0800, 0x0806, 0x86dd, 0x8100};
    if (payload.size() > 1) {
      payload[0] = round % 2 == 0 ? 0x45 : 0x60; // so that more than the first check is reached
    }
    network.send(test::ethernet(types[round % 4], payload));
  }
}

} // namespace
} // namespace skerry::net
