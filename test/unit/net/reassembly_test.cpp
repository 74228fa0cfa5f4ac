// SPDX-License-Identifier: Apache-2.0
// Fragments that contradict each other, and packets that are cut.
#include "frames6.hpp"
#include "network.hpp"

#include <gmock/gmock.h>

namespace skerry::net {
namespace {

using test::append;
using test::append16;
using test::Bytes;
using test::Ip6;
using test::peer_link_local;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr unsigned port = 9;

/// Receives datagrams; `use_ipv6` says how its fragments come.
class Reassembly : public testing::TestWithParam<bool> {
protected:
  void SetUp() override {
    network.pass(Duration::seconds(3)); // our address is no longer tested
    const StackUse use;
    receiver = udp_new_ip_type(IPADDR_TYPE_ANY);
    ASSERT_EQ(udp_bind(receiver, IP_ANY_TYPE, port), ERR_OK);
    udp_recv(receiver, received, this);
    before = network_memory_bytes();
  }
  void TearDown() override {
    network.pass(Duration::seconds(IPV6_REASS_MAXAGE + 10));
    EXPECT_EQ(network_memory_bytes(), before);
    const StackUse use;
    udp_remove(receiver);
    network.card.sent.clear();
  }

  static void received(void* self, udp_pcb*, pbuf* data, const ip_addr_t*, u16_t) {
    auto* test = static_cast<Reassembly*>(self);
    std::size_t bytes = 0;
    for (const pbuf* part = data; part != nullptr; part = part->next) {
      bytes += part->len;
    }
    EXPECT_EQ(data->tot_len, bytes);
    test->datagrams.push_back(bytes);
    pbuf_free(data);
  }

  [[nodiscard]] Ip6 our_ip6() const {
    Ip6 bytes;
    std::memcpy(bytes.data(), netif_ip6_addr(&network.interface.lwip(), 0)->addr, bytes.size());
    return bytes;
  }

  /// A datagram of UDP with that many bytes of data, all zero.
  [[nodiscard]] Bytes datagram(std::size_t size) const {
    Bytes bytes;
    append16(bytes, port);
    append16(bytes, port);
    append16(bytes, static_cast<unsigned>(8 + size));
    append16(bytes, 0);
    bytes.resize(8 + size);
    if (GetParam()) {
      test::seal6(bytes, 6, 17, peer_link_local, our_ip6());
    }
    return bytes;
  }
  void send_fragment(const Bytes& part, std::size_t at, bool more) {
    network.send(GetParam() ? test::ipv6_fragment(17, part, at, more, peer_link_local, our_ip6())
                            : test::ipv4_fragment(17, part, at, more));
  }
  void send_first(const Bytes& whole) {
    send_fragment(Bytes(whole.begin(), whole.begin() + 8), 0, true);
  }

  test::Network& network = test::Network::get();
  udp_pcb* receiver = nullptr;
  std::size_t before = 0;
  std::vector<std::size_t> datagrams;
};

TEST_P(Reassembly, P0025_WhatLiesBeyondTheLastFragmentIsDropped) {
  send_fragment(Bytes(8), 8, false);
  send_fragment(Bytes(1000), 16, true);
  send_first(datagram(8));
  EXPECT_THAT(datagrams, ElementsAre(8));
}

TEST_P(Reassembly, P0025_ALastFragmentThatOthersLieBeyondIsDropped) {
  send_fragment(Bytes(1000), 16, true);
  send_fragment(Bytes(8), 8, false);
  send_first(datagram(8));
  EXPECT_THAT(datagrams, IsEmpty());
}

TEST_P(Reassembly, P0025_ThereIsOneLastFragment) {
  send_fragment(Bytes(8), 16, false);
  send_fragment(Bytes(8), 24, false);
  send_fragment(Bytes(8), 8, false);
  send_first(datagram(16));
  EXPECT_THAT(datagrams, IsEmpty());
  send_fragment(Bytes(8), 8, true);
  EXPECT_THAT(datagrams, ElementsAre(16));
}

TEST_P(Reassembly, P0025_PacketsOfMoreThan65535BytesAreDropped) {
  constexpr std::size_t part = 8000;
  for (const std::size_t whole : {65'528U, 65'535U}) { // with the header it is too long
    for (std::size_t at = part; at + part < whole; at += part) {
      send_fragment(Bytes(part), at, true);
    }
    const std::size_t last = whole / part * part;
    send_fragment(Bytes(whole - last), last, false);
    Bytes first = datagram(65'527 - 8);
    first.resize(part);
    send_fragment(first, 0, true);
    EXPECT_THAT(datagrams, IsEmpty()) << whole;
    network.pass(Duration::seconds(IPV6_REASS_MAXAGE + 2));
  }
}

TEST_P(Reassembly, LargePacketsAreTaken) {
  constexpr std::size_t part = 8000;
  const Bytes whole = datagram(65'000);
  for (std::size_t at = 0; at < whole.size(); at += part) {
    const std::size_t size = std::min(part, whole.size() - at);
    const auto begin = whole.begin() + static_cast<std::ptrdiff_t>(at);
    send_fragment(Bytes(begin, begin + static_cast<std::ptrdiff_t>(size)), at,
                  at + size < whole.size());
  }
  EXPECT_THAT(datagrams, ElementsAre(65'000));
}

INSTANTIATE_TEST_SUITE_P(Net, Reassembly, testing::Bool(),
                         [](const auto& info) { return info.param ? "Ipv6" : "Ipv4"; });

TEST(Fragments6, P0024_CuttingAPacketLeavesItAsItWas) {
  test::Network& network = test::Network::get();
  network.pass(Duration::seconds(3)); // our address is no longer tested
  const StackUse use;
  udp_pcb* pcb = udp_new_ip_type(IPADDR_TYPE_V6);
  // Two pbufs without room for headers, as a segment of TCP may have behind its first.
  pbuf* data = pbuf_alloc(PBUF_RAW, 1000, PBUF_RAM);
  pbuf_cat(data, pbuf_alloc(PBUF_RAW, 4000, PBUF_RAM));
  const void* const first = data->payload;
  const void* const second = data->next->payload;
  ip_addr_t to{};
  std::memcpy(ip_2_ip6(&to)->addr, peer_link_local.data(), peer_link_local.size());
  IP_SET_TYPE(&to, IPADDR_TYPE_V6);
  ip6_addr_assign_zone(ip_2_ip6(&to), IP6_UNICAST, &network.interface.lwip());
  EXPECT_EQ(udp_sendto(pcb, data, &to, port), ERR_OK);
  EXPECT_EQ(data->payload, first);
  EXPECT_EQ(data->len, 1000);
  EXPECT_EQ(data->tot_len, 5000);
  EXPECT_EQ(data->next->payload, second);
  EXPECT_EQ(data->next->len, 4000);
  EXPECT_EQ(data->next->tot_len, 4000);
  pbuf_free(data);
  udp_remove(pcb);
  nd6_cleanup_netif(&network.interface.lwip());
  nd6_clear_destination_cache();
  network.card.sent.clear();
}

} // namespace
} // namespace skerry::net
