// SPDX-License-Identifier: Apache-2.0
// Segments with which a peer reached assertions of lwIP, or worse: each would have stopped the
// machine. What else src/net/lwip/patches mends in TCP is in tcp_patches_test.cpp.
#include "frames6.hpp"
#include "tcp_listener.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace skerry::net {
namespace {

using test::Bytes;
using test::Segment;
using test::tcp;

constexpr std::uint32_t first = 1001;

class HostileTcpPeer : public test::TcpListener {
protected:
  void send(std::uint32_t at, std::size_t size, unsigned flags = test::ack) {
    network.send(tcp({.sequence = first + at,
                      .acknowledged = ours,
                      .flags = flags,
                      .window = window,
                      .options = options,
                      .data = Bytes(size, 'x')}));
  }
  /// With the second byte: one that is not new changes no window.
  void close_window() {
    send(0, 1);
    window = 0;
    send(1, 1);
  }
  /// What arrives is kept unread, so that the window closes.
  void read_nothing() const { tcp_recv(last, keep); }
  static err_t keep(void*, tcp_pcb*, pbuf* data, err_t) {
    if (data != nullptr) {
      pbuf_free(data);
    }
    return ERR_OK;
  }
  void write(std::size_t size) const {
    const Bytes bytes(size, 'y');
    const StackUse use;
    ASSERT_EQ(tcp_write(last, bytes.data(), static_cast<u16_t>(size), TCP_WRITE_FLAG_COPY), ERR_OK);
    tcp_output(last);
  }

  std::uint32_t ours = 0;
  unsigned window = 65535;
  Bytes options;
};

TEST_F(HostileTcpPeer, P0020_WhatComesOutOfOrderEndsWithTheWindow) {
  ours = connect(4000);
  read_nothing();
  const std::uint32_t edge = last->rcv_wnd;
  send(edge - 100, 1460);
  for (std::uint32_t at = 0; at < edge - 100; at += 1000) {
    send(at, std::min(1000U, edge - 100 - at));
  }
  EXPECT_EQ(last->rcv_nxt, first + edge);
  EXPECT_EQ(last->rcv_wnd, 0U);
}

TEST_F(HostileTcpPeer, P0020_AFinBeyondTheWindowIsNotKept) {
  ours = connect(4000);
  read_nothing();
  const std::uint32_t edge = last->rcv_wnd;
  send(edge - 100, 100, test::ack | test::fin);
  for (std::uint32_t at = 0; at < edge - 100; at += 1000) {
    send(at, std::min(1000U, edge - 100 - at));
  }
  EXPECT_EQ(last->rcv_nxt, first + edge);
  EXPECT_EQ(last->state, ESTABLISHED);
  EXPECT_EQ(last->rcv_wnd, 0U);
}

TEST_F(HostileTcpPeer, P0020_AFinInsideASegmentIsNotMovedBehindIt) {
  ours = connect(4000);
  read_nothing();
  const std::uint32_t edge = last->rcv_wnd;
  send(edge - 500, 100, test::ack | test::fin);
  send(edge - 1000, 1000); // covers it
  for (std::uint32_t at = 0; at < edge - 1000; at += 1000) {
    send(at, std::min(1000U, edge - 1000 - at));
  }
  EXPECT_EQ(last->rcv_nxt, first + edge);
  EXPECT_EQ(last->state, ESTABLISHED);
}

TEST_F(HostileTcpPeer, P0020_AFinInsideASegmentInOrderIsNotMovedBehindIt) {
  ours = connect(4000);
  read_nothing();
  const std::uint32_t edge = last->rcv_wnd;
  for (std::uint32_t at = 0; at < edge - 1000; at += 1000) {
    send(at, std::min(1000U, edge - 1000 - at));
  }
  send(edge - 500, 100, test::ack | test::fin);
  send(edge - 1000, 1000); // covers it
  EXPECT_EQ(last->rcv_nxt, first + edge);
  EXPECT_EQ(last->state, ESTABLISHED);
}

TEST_F(HostileTcpPeer, AFinThatASegmentCoversToItsEndIsTakenOver) {
  ours = connect(4000);
  send(1500, 500, test::ack | test::fin);
  send(1000, 1000); // covers it
  send(0, 1000);
  EXPECT_EQ(data.size(), 2000U);
  EXPECT_TRUE(last->state == LAST_ACK || tcp_active_pcbs == nullptr);
}

TEST_F(HostileTcpPeer, P0021_TheMssStaysWhatTheSynSaid) {
  ours = connect(4000);
  const u16_t before = last->mss;
  close_window();
  ASSERT_NO_FATAL_FAILURE(write(400)); // waits for the window
  options = {2, 4, 1, 0};
  send(2, 1);
  EXPECT_EQ(last->mss, before);
  ASSERT_NO_FATAL_FAILURE(write(100)); // goes into the same segment
}

TEST_F(HostileTcpPeer, P0022_ASmallWindowMayOpenBehindAWholeSegment) {
  network.send(tcp({.sequence = first - 1, .flags = test::syn, .window = 0}));
  const auto answers = network.take_segments();
  ASSERT_EQ(answers.size(), 1U);
  ours = answers[0].sequence + 1;
  window = 0;
  send(0, 1);
  ASSERT_NE(last, nullptr);
  ASSERT_NO_FATAL_FAILURE(write(2000));
  window = 100;
  send(1, 1);
  ASSERT_NO_FATAL_FAILURE(write(2000));

  window = 65535;
  Bytes got;
  for (int turn = 0; turn < 60 && got.size() < 4000; ++turn) {
    network.send(tcp({.sequence = first + 2,
                      .acknowledged = ours + static_cast<std::uint32_t>(got.size()),
                      .flags = test::ack}));
    network.pass(Duration::milliseconds(500));
    for (const Segment& segment : network.take_segments()) {
      if (segment.sequence == ours + got.size()) {
        test::append(got, segment.data);
      }
    }
  }
  EXPECT_EQ(got, Bytes(4000, 'y'));
}

TEST_F(HostileTcpPeer, P0023_AProbeOfTheWindowMayBeTheLastByte) {
  ours = connect(4000);
  close_window();
  ASSERT_NO_FATAL_FAILURE(write(1));
  EXPECT_NE(last->unsent, nullptr);
  network.card.sent.clear();
  std::vector<Segment> probes;
  for (int i = 0; i < 10 && probes.empty(); ++i) {
    network.pass(Duration::seconds(1));
    probes = network.take_segments();
  }
  ASSERT_EQ(probes.size(), 1U);
  ASSERT_EQ(probes[0].data, Bytes{'y'});
  ++ours;
  send(2, 0);
  EXPECT_EQ(last->unsent, nullptr);
  network.pass(Duration::seconds(3));
  // And the connection goes on.
  window = 65535;
  send(2, 1);
  ASSERT_NO_FATAL_FAILURE(write(5));
  const auto segments = network.take_segments();
  ASSERT_FALSE(segments.empty());
  EXPECT_EQ(segments.back().data, Bytes(5, 'y'));
}

} // namespace
} // namespace skerry::net
