// SPDX-License-Identifier: Apache-2.0
// What src/net/lwip/patches mends in TCP, one test each, and sequence numbers by RFC 6528.
#include "tcp_listener.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <lwip/sys.h>
#include <set>

namespace skerry::net {
namespace {

using test::Bytes;
using test::Network;
using test::Segment;
using test::tcp;

class TcpPatches : public test::TcpListener {};

TEST_F(TcpPatches, TakesDataInOrder) {
  const std::uint32_t ours = connect(4000);
  network.send(tcp({.sequence = 1001, .acknowledged = ours, .flags = test::ack, .data = {1, 2}}));
  network.send(tcp({.sequence = 1003, .acknowledged = ours, .flags = test::ack, .data = {3}}));
  EXPECT_EQ(data, (Bytes{1, 2, 3}));
}

TEST_F(TcpPatches, SequenceNumbersMayWrap) {
  const std::uint32_t ours = connect(4000, 0xffff'fffd);
  network.send(tcp(
      {.sequence = 0xffff'fffe, .acknowledged = ours, .flags = test::ack, .data = {1, 2, 3, 4}}));
  network.send(tcp({.sequence = 2, .acknowledged = ours, .flags = test::ack, .data = {5}}));
  EXPECT_EQ(data, (Bytes{1, 2, 3, 4, 5}));
}

/// The peer's side of a stream that we send: puts it together, acknowledges, and loses one segment.
class Collector {
public:
  Collector(Network& network, std::uint32_t first, std::uint32_t peer)
      : network_(network), first_(first), peer_(peer) {}

  void turn() {
    for (const Segment& segment : network_.take_segments()) {
      if (++seen_ == lost) {
        continue;
      }
      const std::uint32_t offset = segment.sequence - first_;
      if (offset == data.size()) {
        data.insert(data.end(), segment.data.begin(), segment.data.end());
      }
    }
    network_.send(tcp({.sequence = peer_,
                       .acknowledged = first_ + static_cast<std::uint32_t>(data.size()),
                       .flags = test::ack}));
  }

  Bytes data;

private:
  static constexpr unsigned lost = 4;
  Network& network_;
  std::uint32_t first_;
  std::uint32_t peer_;
  unsigned seen_ = 0;
};

TEST_F(TcpPatches, TicksAndSequenceNumbersMayWrapInOneConnection) {
  network.pass(
      Duration::milliseconds(static_cast<std::int64_t>((0U - sys_now() - 3000U) % 60'000U)));
  tcp_ticks = 0U - 5U; // of half a second each
  const std::uint32_t tick_before = tcp_ticks;
  (void)connect(4000, 0xffff'fffd);
  constexpr std::uint32_t first = 0xffff'f000;
  last->snd_nxt = last->lastack = last->snd_lbb = last->snd_wl2 = first;
  network.send(tcp(
      {.sequence = 0xffff'fffe, .acknowledged = first, .flags = test::ack, .data = {1, 2, 3, 4}}));

  Bytes stream(20'000);
  for (std::size_t i = 0; i < stream.size(); ++i) {
    stream[i] = static_cast<std::uint8_t>(i * 7 + i / 256);
  }
  Collector peer(network, first, 2);
  std::size_t written = 0;
  for (int turn = 0; turn < 200 && peer.data.size() < stream.size(); ++turn) {
    {
      const StackUse use;
      const auto part =
          static_cast<u16_t>(std::min<std::size_t>(stream.size() - written, tcp_sndbuf(last)));
      if (part != 0 && tcp_write(last, &stream[written], part, TCP_WRITE_FLAG_COPY) == ERR_OK) {
        written += part;
      }
      tcp_output(last);
    }
    peer.turn();
    network.pass(Duration::milliseconds(100));
  }
  EXPECT_EQ(peer.data, stream);
  EXPECT_EQ(data, (Bytes{1, 2, 3, 4}));
  EXPECT_LT(last->snd_nxt, first) << "the sequence numbers have not wrapped";
  network.pass(Duration::milliseconds(3000));
  EXPECT_LT(tcp_ticks, tick_before) << "the ticks have not wrapped";
  network.send(tcp({.sequence = 2,
                    .acknowledged = first + static_cast<std::uint32_t>(stream.size()),
                    .flags = test::ack,
                    .data = {5}}));
  EXPECT_EQ(data.back(), 5);
}

TEST_F(TcpPatches, P0001_LocalPortsTellNothingOfEachOther) {
  std::set<int> distances;
  int before = 0;
  for (int i = 0; i < 32; ++i) {
    const StackUse use;
    tcp_pcb* pcb = tcp_new();
    ASSERT_EQ(tcp_bind(pcb, IP4_ADDR_ANY, 0), ERR_OK);
    distances.insert(pcb->local_port - before);
    before = pcb->local_port;
    EXPECT_EQ(tcp_close(pcb), ERR_OK);
  }
  EXPECT_GT(distances.size(), 28U);
}

TEST_F(TcpPatches, P0002_DatagramIdsTellNothingOfEachOther) {
  std::set<unsigned> distances;
  unsigned before = 0;
  for (unsigned i = 0; i < 32; ++i) {
    network.send(tcp({.from = 5000 + i, .to = 81, .flags = test::syn}));
    ASSERT_EQ(network.card.sent.size(), 1U) << "no reset";
    const unsigned id = test::get16(network.card.sent[0], 18);
    distances.insert(id - before);
    before = id;
    network.card.sent.clear();
  }
  EXPECT_GT(distances.size(), 28U);
}

TEST_F(TcpPatches, P0003_OptionsThatEndInsideThemselvesAreNotReadFurther) {
  // Each kind as the last byte, and with a length that reaches past the header.
  for (unsigned kind = 0; kind < 256; ++kind) {
    for (const unsigned length : {1U, 2U, 4U, 10U, 40U, 255U}) {
      const auto byte = static_cast<std::uint8_t>(kind);
      network.send(tcp({.from = 6000, .flags = test::syn, .options = {1, 1, 1, byte}}));
      network.send(tcp({.from = 6001,
                        .flags = test::syn,
                        .options = {1, 1, byte, static_cast<std::uint8_t>(length)}}));
      network.send(tcp({.from = 6000, .sequence = 1, .flags = test::rst}));
      network.send(tcp({.from = 6001, .sequence = 1, .flags = test::rst}));
    }
  }
  network.card.sent.clear();
  connect(4000);
  EXPECT_NE(last, nullptr);
}

TEST_F(TcpPatches, P0004_ATinyMssIsNotTaken) {
  connect(4000, 1000, {2, 4, 0, 1});
  ASSERT_NE(last, nullptr);
  EXPECT_EQ(last->mss, 216);
}

TEST_F(TcpPatches, P0008_NoDataIsTakenWhenTheAckIsOutOfRange) {
  const std::uint32_t ours = connect(4000);
  for (const std::uint32_t wrong : {ours + 1, ours + 0x4000'0000, ours - 0x4000'0000}) {
    network.card.sent.clear();
    network.send(
        tcp({.sequence = 1001, .acknowledged = wrong, .flags = test::ack, .data = {9, 9, 9}}));
    EXPECT_TRUE(data.empty());
    const auto answers = network.take_segments();
    ASSERT_EQ(answers.size(), 1U) << "RFC 5961, 5.2 asks for a challenge";
    EXPECT_EQ(answers[0].flags, test::ack);
  }
  network.send(tcp({.sequence = 1001, .flags = 0, .data = {9}}));
  EXPECT_TRUE(data.empty()) << "a segment without ACK";
  network.send(tcp({.sequence = 1001, .acknowledged = ours, .flags = test::ack, .data = {1}}));
  EXPECT_EQ(data, Bytes{1});
}

TEST_F(TcpPatches, ResetsMustHaveTheExactSequenceNumber) {
  const std::uint32_t ours = connect(4000);
  network.send(tcp({.sequence = 1002, .flags = test::rst}));
  network.send(tcp({.sequence = 1001, .acknowledged = ours, .flags = test::ack, .data = {1}}));
  EXPECT_EQ(data, Bytes{1});
  network.send(tcp({.sequence = 1002, .flags = test::rst}));
  EXPECT_EQ(tcp_active_pcbs, nullptr);
}

/// Closes the connection from our side; it rests in TIME-WAIT afterwards. Returns the sequence
/// number that the peer has come to.
std::uint32_t close_actively(Network& network, tcp_pcb* pcb, unsigned port, std::uint32_t ours) {
  {
    const StackUse use;
    tcp_recv(pcb, nullptr);
    EXPECT_EQ(tcp_close(pcb), ERR_OK);
  }
  network.send(tcp(
      {.from = port, .sequence = 1001, .acknowledged = ours + 1, .flags = test::fin | test::ack}));
  return 1002;
}

std::size_t resting_connections() {
  std::size_t count = 0;
  for (const tcp_pcb* pcb = tcp_tw_pcbs; pcb != nullptr; pcb = pcb->next) {
    ++count;
  }
  return count;
}

TEST_F(TcpPatches, P0009_ANewSynEndsTimeWait) {
  const std::uint32_t ours = connect(4000);
  const std::uint32_t theirs = close_actively(network, last, 4000, ours);
  ASSERT_EQ(resting_connections(), 1U);
  network.card.sent.clear();
  network.send(tcp({.sequence = theirs - 1, .flags = test::syn}));
  EXPECT_EQ(resting_connections(), 1U) << "an old SYN";
  network.card.sent.clear();
  connect(4000, theirs + 5);
  EXPECT_EQ(resting_connections(), 0U);
  EXPECT_EQ(last->state, ESTABLISHED);
}

TEST_F(TcpPatches, P0010_AtMost256RestInTimeWait) {
  for (unsigned port = 10'000; port < 10'300; ++port) {
    const std::uint32_t ours = connect(port);
    close_actively(network, last, port, ours);
    network.card.sent.clear();
  }
  EXPECT_EQ(resting_connections(), 256U);
}

TEST_F(TcpPatches, P0017_ASynTakesThePlaceOfTheOldestHalfOpenConnection) {
  constexpr unsigned flood = 1000;
  const std::uint64_t dropped = backlog_drops().half_open;
  std::vector<std::uint32_t> ours;
  for (unsigned i = 0; i < flood; ++i) {
    network.send(tcp({.from = 10'000 + i, .sequence = 1000, .flags = test::syn}));
    const auto answers = network.take_segments();
    ASSERT_EQ(answers.size(), 1U) << "SYN " << i;
    EXPECT_EQ(answers[0].flags, test::syn | test::ack);
    ours.push_back(answers[0].sequence + 1);
    if (i % 100 == 0) {
      network.pass(Duration::milliseconds(500));
      network.card.sent.clear(); // what was sent again
    }
  }
  EXPECT_EQ(backlog_drops().half_open - dropped, flood - 200);
  const auto finish = [&](unsigned i) {
    network.send(
        tcp({.from = 10'000 + i, .sequence = 1001, .acknowledged = ours[i], .flags = test::ack}));
    return network.take_segments();
  };
  const auto late = finish(flood - 201);
  ASSERT_EQ(late.size(), 1U) << "the youngest of those that went";
  EXPECT_EQ(late[0].flags, test::rst | test::ack);
  EXPECT_TRUE(finish(flood - 200).empty()) << "the oldest that stayed";
  EXPECT_EQ(last->state, ESTABLISHED);
  EXPECT_EQ(connect(9'999), last->snd_nxt) << "one more, by a peer that is there";
}

TEST_F(TcpPatches, SequenceNumbersFollowRfc6528) {
  ip_addr_t local = IPADDR4_INIT_BYTES(10, 0, 0, 2);
  ip_addr_t remote = IPADDR4_INIT_BYTES(10, 0, 0, 1);
  const auto at = [&](u16_t port) {
    return skerry_net_initial_sequence(&local, 80, &remote, port);
  };
  const std::uint32_t first = at(4000);
  EXPECT_EQ(at(4000), first) << "the clock stands still";
  hosted::advance_time(Duration::milliseconds(4));
  EXPECT_EQ(at(4000) - first, 1000U) << "a tick each four microseconds";
  std::set<std::uint32_t> distances;
  for (u16_t port = 1; port < 1000; ++port) {
    distances.insert(at(port) - at(static_cast<u16_t>(port + 1)));
  }
  EXPECT_GT(distances.size(), 990U);
}

} // namespace
} // namespace skerry::net
