// SPDX-License-Identifier: Apache-2.0
// What a connection keeps of segments that come out of order: never more than its limit, whoever
// sends, and nothing of the stream is lost by that.
#include "tcp_listener.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace skerry::net {
namespace {

using test::Bytes;
using test::Segment;
using test::tcp;

/// Bytes of the largest segment.
constexpr std::size_t whole = TCP_MSS;
constexpr std::uint32_t first = 1001;

class TcpOutOfOrder : public test::TcpListener {
protected:
  void SetUp() override {
    // Windows are scaled and selective acknowledgments are told.
    ours = connect(4000, first - 1, {1, 3, 3, 7, 1, 1, 4, 2});
    ASSERT_NE(last, nullptr);
    for (std::size_t i = 0; i < stream.size(); ++i) {
      stream[i] = static_cast<std::uint8_t>(i * 7 + i / 251);
    }
  }
  void TearDown() override {
    for (void* block : taken) {
      skerry_net_free(block);
    }
  }

  /// Sends `size` bytes of the stream, from `at` on.
  void send(std::size_t at, std::size_t size) {
    const auto begin = stream.begin() + static_cast<std::ptrdiff_t>(at);
    network.send(tcp({.sequence = first + static_cast<std::uint32_t>(at),
                      .acknowledged = ours,
                      .flags = test::ack,
                      .data = Bytes(begin, begin + static_cast<std::ptrdiff_t>(size))}));
  }
  /// Sends every second one of the pieces of that size, and looks at what is kept after each.
  void send_every_second(std::size_t size, std::size_t limit) {
    for (std::size_t at = size; at + size <= stream.size(); at += 2 * size) {
      send(at, size);
      ASSERT_LE(kept_bytes(), limit) << at;
      ASSERT_LE(kept_buffers(), TCP_OOSEQ_MAX_PBUFS) << at;
    }
  }
  /// Sends what is not acknowledged, in order, as a peer does whose segments were lost.
  void send_the_rest() {
    while (data.size() < stream.size()) {
      const std::size_t before = data.size();
      send(before, std::min(whole, stream.size() - before));
      ASSERT_GT(data.size(), before) << "nothing was taken";
    }
  }

  [[nodiscard]] std::size_t kept_bytes() const {
    std::size_t bytes = 0;
    for (const tcp_seg* segment = last->ooseq; segment != nullptr; segment = segment->next) {
      bytes += segment->p->tot_len;
    }
    return bytes;
  }
  [[nodiscard]] std::size_t kept_buffers() const {
    std::size_t buffers = 0;
    for (const tcp_seg* segment = last->ooseq; segment != nullptr; segment = segment->next) {
      buffers += pbuf_clen(segment->p);
    }
    return buffers;
  }

  /// Takes memory of the network until a connection's share is no larger than `share`.
  void take_memory(std::size_t share) {
    while (connection_share() > share) {
      taken.push_back(skerry_net_malloc(16384));
      ASSERT_NE(taken.back(), nullptr);
    }
  }
  void take_all_memory() {
    for (const std::size_t size : {16384U, 2048U, 256U, 32U}) {
      for (void* block = nullptr; (block = skerry_net_malloc(size)) != nullptr;) {
        taken.push_back(block);
      }
    }
  }

  std::uint32_t ours = 0;
  Bytes stream = Bytes(200'000);
  std::vector<void*> taken;
};

TEST_F(TcpOutOfOrder, EverySecondSegmentIsKeptUpToTheLimit) {
  const std::size_t before = network_memory_bytes();
  ASSERT_NO_FATAL_FAILURE(send_every_second(whole, TCP_OOSEQ_MAX_BYTES));
  EXPECT_GT(kept_bytes(), 40 * whole) << "hardly anything is kept";
  // Whether a frame is copied or lent, its headers and records are less than another segment.
  EXPECT_LT(network_memory_bytes() - before, TCP_OOSEQ_MAX_PBUFS * 2 * whole);
  ASSERT_NO_FATAL_FAILURE(send_the_rest());
  EXPECT_EQ(data, stream);
  EXPECT_EQ(kept_bytes(), 0U);
}

TEST_F(TcpOutOfOrder, EverythingButTheFirstSegmentIsKeptUpToTheLimit) {
  for (std::size_t at = whole; at + whole <= stream.size(); at += whole) {
    send(at, whole);
    ASSERT_LE(kept_bytes(), TCP_OOSEQ_MAX_BYTES) << at;
    ASSERT_LE(kept_buffers(), TCP_OOSEQ_MAX_PBUFS) << at;
  }
  send(0, whole);
  EXPECT_GT(data.size(), 40 * whole) << "what was kept comes with the first";
  ASSERT_NO_FATAL_FAILURE(send_the_rest());
  EXPECT_EQ(data, stream);
}

TEST_F(TcpOutOfOrder, EverySecondByteIsKeptUpToTheLimit) {
  stream.resize(4000);
  ASSERT_NO_FATAL_FAILURE(send_every_second(1, TCP_OOSEQ_MAX_BYTES));
  EXPECT_EQ(kept_buffers(), TCP_OOSEQ_MAX_PBUFS);
  ASSERT_NO_FATAL_FAILURE(send_the_rest());
  EXPECT_EQ(data, stream);
}

TEST_F(TcpOutOfOrder, OneSegmentIsKeptWhereMemoryIsNearlyUsedUp) {
  take_memory(TCP_MSS);
  ASSERT_NO_FATAL_FAILURE(send_every_second(whole, TCP_MSS));
  EXPECT_EQ(kept_bytes(), whole);
  ASSERT_NO_FATAL_FAILURE(send_the_rest());
  EXPECT_EQ(data, stream);
}

TEST_F(TcpOutOfOrder, WhatIsKeptGoesWhenMemoryGetsScarce) {
  ASSERT_NO_FATAL_FAILURE(send_every_second(whole, TCP_OOSEQ_MAX_BYTES));
  take_memory(TCP_MSS);
  send(3 * whole, whole); // for the second time
  EXPECT_LE(kept_bytes(), static_cast<std::size_t>(TCP_MSS));
  ASSERT_NO_FATAL_FAILURE(send_the_rest());
  EXPECT_EQ(data, stream);
}

TEST_F(TcpOutOfOrder, TheStreamGoesOnWhereMemoryIsUsedUp) {
  take_all_memory();
  ASSERT_NO_FATAL_FAILURE(send_every_second(whole, TCP_MSS));
  ASSERT_NO_FATAL_FAILURE(send_the_rest());
  EXPECT_EQ(data, stream);
}

TEST_F(TcpOutOfOrder, SelectiveAcknowledgmentsTellOnlyOfWhatIsKept) {
  ASSERT_NO_FATAL_FAILURE(send_every_second(whole, TCP_OOSEQ_MAX_BYTES));
  std::uint32_t end = first;
  for (const tcp_seg* segment = last->ooseq; segment != nullptr; segment = segment->next) {
    end = segment->tcphdr->seqno + segment->len;
  }
  network.card.sent.clear();
  send(whole, whole); // again, so that there is an answer
  const auto answers = network.take_segments();
  ASSERT_EQ(answers.size(), 1U);
  const Bytes& options = answers[0].options;
  ASSERT_GE(options.size(), 12U);
  ASSERT_EQ(options[2], 5) << "the option's kind";
  for (std::size_t at = 4; at + 8 <= options.size(); at += 8) {
    EXPECT_LE(test::get32(options, at + 4), end);
  }
}

} // namespace
} // namespace skerry::net
