// SPDX-License-Identifier: Apache-2.0
// Packets that are cut, put together, or wait for an address, when one of their allocations finds
// no memory: nothing is lost for good, and the next one gets through.
#include "failed_allocation.hpp"
#include "frames6.hpp"
#include "network.hpp"

#include <gtest/gtest.h>

namespace skerry::net {
namespace {

using test::append;
using test::append16;
using test::Bytes;
using test::Failing;
using test::Ip6;
using test::peer_link_local;

constexpr std::size_t large = 5000;
constexpr unsigned port = 9;

/// Each test runs with one allocation that fails, and with all that follow it too.
class FailedAllocations : public testing::TestWithParam<Failing> {
protected:
  void SetUp() override {
    network.pass(Duration::seconds(3));                           // our address is no longer tested
    network.send(test::solicitation(our_ip6(), peer_link_local)); // from whom it is known then
    const StackUse use;
    receiver = udp_new_ip_type(IPADDR_TYPE_ANY);
    ASSERT_EQ(udp_bind(receiver, IP_ANY_TYPE, port), ERR_OK);
    udp_recv(receiver, received, this);
  }
  void TearDown() override {
    const StackUse use;
    udp_remove(receiver);
    nd6_cleanup_netif(&network.interface.lwip());
    nd6_clear_destination_cache();
  }

  static void received(void* self, udp_pcb*, pbuf* data, const ip_addr_t*, u16_t) {
    auto* test = static_cast<FailedAllocations*>(self);
    test->datagrams.emplace_back(data->tot_len);
    pbuf_copy_partial(data, test->datagrams.back().data(), data->tot_len, 0);
    pbuf_free(data);
  }

  [[nodiscard]] Ip6 our_ip6() const {
    Ip6 bytes;
    std::memcpy(bytes.data(), netif_ip6_addr(&network.interface.lwip(), 0)->addr, bytes.size());
    return bytes;
  }
  [[nodiscard]] ip_addr_t address_of(const Ip6& bytes) const {
    ip_addr_t address{};
    std::memcpy(ip_2_ip6(&address)->addr, bytes.data(), bytes.size());
    IP_SET_TYPE(&address, IPADDR_TYPE_V6);
    ip6_addr_assign_zone(ip_2_ip6(&address), IP6_UNICAST, &network.interface.lwip());
    return address;
  }

  /// Sends a datagram of so many bytes.
  void send_to(ip_addr_t peer, std::size_t size) const {
    const StackUse use;
    pbuf* data = pbuf_alloc(PBUF_TRANSPORT, static_cast<u16_t>(size), PBUF_RAM);
    if (data != nullptr) {
      std::memset(data->payload, 0x5a, size);
      (void)udp_sendto(receiver, data, &peer, port);
      pbuf_free(data);
    }
  }

  /// How many frames carry a datagram, or a part of one.
  [[nodiscard]] std::size_t take_sent() {
    std::size_t count = 0;
    for (const Bytes& frame : std::exchange(network.card.sent, {})) {
      const unsigned type = test::get16(frame, 12);
      count += (type == 0x0800 && frame[23] == 17) ||
                       (type == 0x86dd && (frame[20] == 17 || frame[20] == 44))
                   ? 1
                   : 0;
    }
    return count;
  }

  /// A datagram of `large` bytes from the peer, cut in pieces of 1000 bytes.
  static Bytes large_datagram() {
    Bytes bytes;
    append16(bytes, port);
    append16(bytes, port);
    append16(bytes, static_cast<unsigned>(8 + large));
    append16(bytes, 0);
    for (std::size_t i = 0; i < large; ++i) {
      bytes.push_back(static_cast<std::uint8_t>(i * 3));
    }
    return bytes;
  }
  static std::span<const std::uint8_t> piece(const Bytes& whole, std::size_t at) {
    return std::span(whole).subspan(at, std::min(piece_bytes, whole.size() - at));
  }
  void send_fragments4() {
    const Bytes whole = large_datagram();
    for (std::size_t at = 0; at < whole.size(); at += piece_bytes) {
      const bool more = at + piece_bytes < whole.size();
      network.send(test::ipv4_fragment(17, piece(whole, at), at, more));
    }
  }
  void send_fragments6() {
    Bytes whole = large_datagram();
    test::seal6(whole, 6, 17, peer_link_local, our_ip6());
    for (std::size_t at = 0; at < whole.size(); at += piece_bytes) {
      const bool more = at + piece_bytes < whole.size();
      network.send(test::ipv6_fragment(17, piece(whole, at), at, more, peer_link_local, our_ip6()));
    }
  }
  void expect_large_datagram() {
    ASSERT_EQ(datagrams.size(), 1U);
    const Bytes whole = large_datagram();
    EXPECT_EQ(datagrams[0], Bytes(whole.begin() + 8, whole.end()));
    datagrams.clear();
  }

  static constexpr std::size_t piece_bytes = 1000;
  test::Network& network = test::Network::get();
  udp_pcb* receiver = nullptr;
  std::vector<Bytes> datagrams;
};

TEST_P(FailedAllocations, CuttingADatagramOfIpv4) {
  const ip_addr_t peer = IPADDR4_INIT_BYTES(10, 0, 0, 1);
  test::fail_each_allocation(
      GetParam(), [&] { send_to(peer, large); }, [&] { network.card.sent.clear(); });
  send_to(peer, large);
  EXPECT_EQ(take_sent(), 4U);
}

TEST_P(FailedAllocations, CuttingADatagramOfIpv6) {
  const ip_addr_t peer = address_of(peer_link_local);
  send_to(peer, 8); // the destination is remembered from here on
  network.send(test::advertisement(peer_link_local, our_ip6()));
  test::fail_each_allocation(
      GetParam(), [&] { send_to(peer, large); }, [&] { network.card.sent.clear(); });
  send_to(peer, large);
  EXPECT_EQ(take_sent(), 4U);
}

TEST_P(FailedAllocations, PuttingADatagramOfIpv4Together) {
  test::fail_each_allocation(
      GetParam(), [&] { send_fragments4(); },
      [&] {
        network.pass(Duration::seconds(IP_REASS_MAXAGE + 2));
        network.card.sent.clear();
        datagrams.clear();
      });
  send_fragments4();
  expect_large_datagram();
}

TEST_P(FailedAllocations, PuttingADatagramOfIpv6Together) {
  test::fail_each_allocation(
      GetParam(), [&] { send_fragments6(); },
      [&] {
        network.pass(Duration::seconds(IPV6_REASS_MAXAGE + 10));
        network.send(test::solicitation(our_ip6(), peer_link_local));
        network.card.sent.clear();
        datagrams.clear();
      });
  send_fragments6();
  expect_large_datagram();
}

TEST_P(FailedAllocations, WaitingForAnArpReply) {
  const ip_addr_t stranger = IPADDR4_INIT_BYTES(10, 0, 0, 77);
  test::fail_each_allocation(
      GetParam(),
      [&] {
        for (int i = 0; i < 5; ++i) { // more than the queue has room for
          send_to(stranger, 100);
        }
      },
      [&] {
        network.pass(Duration::seconds(10)); // nobody answers
        network.card.sent.clear();
      });
  send_to(stranger, 100);
  Bytes reply;
  append16(reply, 1);
  append16(reply, 0x0800);
  append(reply, std::array<std::uint8_t, 4>{6, 4, 0, 2});
  append(reply, test::peer_mac);
  append(reply, std::array<std::uint8_t, 4>{10, 0, 0, 77});
  append(reply, test::our_mac);
  append(reply, test::our_ip);
  network.send(test::ethernet(0x0806, reply));
  EXPECT_EQ(take_sent(), 1U);
}

TEST_P(FailedAllocations, P0019_WaitingForANeighbour) {
  Ip6 bytes = peer_link_local;
  bytes.back() = 0x77;
  const ip_addr_t stranger = address_of(bytes);
  for (int round = 0; round < 5; ++round) { // each time more than the queue may hold in all
    test::fail_each_allocation(
        GetParam(),
        [&] {
          for (int i = 0; i < 5; ++i) {
            send_to(stranger, 100);
          }
        },
        [&] {
          network.pass(Duration::seconds(6)); // nobody answers
          network.card.sent.clear();
        });
  }
  send_to(stranger, 100);
  send_to(stranger, 100);
  network.send(test::advertisement(bytes, our_ip6()));
  EXPECT_EQ(take_sent(), 2U);
}

INSTANTIATE_TEST_SUITE_P(Net, FailedAllocations,
                         testing::Values(Failing::once, Failing::ever_after), [](const auto& info) {
                           return info.param == Failing::once ? "Once" : "EverAfter";
                         });

TEST(Timers, P0018_RunWhereMemoryIsUsedUp) {
  test::Network& network = test::Network::get();
  const test::FailedAllocation failure(1, Failing::ever_after);
  network.pass(Duration::seconds(20)); // each of lwIP's timers comes, and sets itself anew
  network.card.sent.clear();
}

} // namespace
} // namespace skerry::net
