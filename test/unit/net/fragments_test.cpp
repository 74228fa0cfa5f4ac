// SPDX-License-Identifier: Apache-2.0
// Datagrams that are longer than the MTU, as they leave the card.
#include "network.hpp"

#include <gtest/gtest.h>

namespace skerry::net {
namespace {

using test::Bytes;
using test::get16;

class Fragments : public testing::Test {
protected:
  ~Fragments() override { network.set_usual_address(); }

  /// Sends a datagram of that many bytes to the peer. Returns the packets that came of it.
  std::vector<Bytes> send(std::size_t size) {
    network.card.sent.clear();
    {
      const StackUse use;
      udp_pcb* pcb = udp_new();
      pbuf* data = pbuf_alloc(PBUF_TRANSPORT, static_cast<u16_t>(size), PBUF_RAM);
      std::memset(data->payload, 0x5a, size);
      ip_addr_t peer = IPADDR4_INIT_BYTES(10, 0, 0, 1);
      EXPECT_EQ(udp_sendto(pcb, data, &peer, 9), ERR_OK);
      pbuf_free(data);
      udp_remove(pcb);
    }
    std::vector<Bytes> packets;
    for (const Bytes& frame : network.card.sent) {
      packets.emplace_back(frame.begin() + 14, frame.end());
    }
    return packets;
  }

  /// They follow each other without a gap, the last one alone says that it is the last, and they
  /// hold that many bytes together.
  static void expect_whole(const std::vector<Bytes>& packets, std::size_t size) {
    std::size_t at = 0;
    for (const Bytes& packet : packets) {
      const unsigned flags = get16(packet, 6);
      ASSERT_EQ((flags & 0x1fffU) * 8, at) << size;
      at += get16(packet, 2) - 20U;
      ASSERT_EQ((flags & 0x2000U) == 0, &packet == &packets.back()) << size << " at " << at;
    }
    ASSERT_EQ(at, size + 8);
  }

  test::Network& network = test::Network::get();
};

// (MTU - 20) is a multiple of 8 for the first only.
TEST_F(Fragments, P0012_OnlyTheLastOneSaysThatNoneFollows) {
  for (const u16_t mtu : {1500, 1450, 1451, 1457, 576}) {
    network.interface.lwip().mtu = mtu;
    for (std::size_t size = mtu - 60U; size < 2U * mtu + 40U; ++size) {
      ASSERT_NO_FATAL_FAILURE(expect_whole(send(size), size)) << "MTU " << mtu;
    }
  }
}

} // namespace
} // namespace skerry::net
