// SPDX-License-Identifier: Apache-2.0
// TCP sockets against a peer that means no good.
#include "network.hpp"
#include "src/net/tcp_protocol.hpp"
#include "src/net/tcp_socket.hpp"

#include <fs/user_buffer.hpp>
#include <mm/heap.hpp>

#include <array>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <vector>

namespace skerry::net {
namespace {

using test::Bytes;
using test::Network;
using test::tcp;

constexpr int defer_accept = 9; // TCP_DEFER_ACCEPT; the header of the host has a TCP_MSS

InternetSocket& internet(const fs::FileReference& file) {
  return static_cast<InternetSocket&>(*file);
}

/// A socket that listens on port 80.
class TcpSocketTest : public testing::Test {
protected:
  TcpSocketTest() {
    const StackUse use;
    use_tcp();
    auto socket = mm::make_owned<TcpSocket>(Family::ipv4, *tcp_new());
    listener = fs::FileReference::adopt(socket->release());
    EXPECT_TRUE(sockets().bind({.address = {}, .port = 80}));
  }
  ~TcpSocketTest() override {
    listener = {};
    const StackUse use;
    while (tcp_active_pcbs != nullptr) {
      tcp_abort(tcp_active_pcbs);
    }
  }

  [[nodiscard]] InternetSocket& sockets() { return static_cast<TcpSocket&>(*listener); }

  /// Three-way handshake from `port`; returns our initial sequence number plus one, or nothing when
  /// the SYN is not answered.
  std::optional<std::uint32_t> connect(unsigned port) {
    network.send(tcp({.from = port, .sequence = 1000, .flags = test::syn}));
    const auto answers = network.take_segments();
    if (answers.size() != 1 || answers[0].flags != (test::syn | test::ack)) {
      return std::nullopt;
    }
    const std::uint32_t ours = answers[0].sequence + 1;
    network.send(tcp({.from = port, .sequence = 1001, .acknowledged = ours, .flags = test::ack}));
    return ours;
  }

  Network& network = Network::get();
  fs::FileReference listener;
};

TEST_F(TcpSocketTest, ConnectionsThatAreResetBeforeAcceptLeaveNothing) {
  ASSERT_TRUE(sockets().listen(4));
  std::size_t kernel_bytes = 0;
  std::size_t network_bytes = 0;
  for (unsigned round = 0; round < 300; ++round) {
    const unsigned port = 10'000 + round;
    const auto ours = connect(port);
    ASSERT_TRUE(ours) << "no place in the queue in round " << round;
    std::uint32_t sequence = 1001;
    for (int i = 0; i < 4; ++i, sequence += 1000) {
      network.send(tcp({.from = port,
                        .sequence = sequence,
                        .acknowledged = *ours,
                        .flags = test::ack,
                        .data = Bytes(1000)}));
    }
    network.send(tcp({.from = port, .sequence = sequence, .flags = test::rst}));
    network.card.sent.clear();
    if (round == 10) {
      kernel_bytes = mm::heap().statistics().bytes_in_use;
      network_bytes = network_memory_bytes();
    }
  }
  EXPECT_EQ(mm::heap().statistics().bytes_in_use, kernel_bytes);
  EXPECT_EQ(network_memory_bytes(), network_bytes);
  EXPECT_EQ(sockets().poll(), 0) << "there is nothing to accept";
}

TEST_F(TcpSocketTest, AConnectionOutlivesTheResetOfItsNeighbourInTheQueue) {
  ASSERT_TRUE(sockets().listen(4));
  ASSERT_TRUE(connect(10'000));
  ASSERT_TRUE(connect(10'001));
  network.send(tcp({.from = 10'000, .sequence = 1001, .flags = test::rst}));
  const auto accepted = sockets().accept();
  ASSERT_TRUE(accepted);
  const auto peer = static_cast<TcpSocket&>(**accepted).peer_endpoint();
  ASSERT_TRUE(peer);
  EXPECT_EQ(peer->port, 10'001);
}

TEST_F(TcpSocketTest, DeferredConnectionsWaitForDataOrForTheirTime) {
  ASSERT_TRUE(sockets().listen(4));
  const int seconds = 2;
  ASSERT_TRUE(
      sockets().set_option(IPPROTO_TCP, defer_accept, std::as_bytes(std::span(&seconds, 1))));
  ASSERT_TRUE(connect(10'000));
  const auto second = connect(10'001);
  ASSERT_TRUE(second);
  EXPECT_EQ(sockets().poll(), 0);
  network.send(tcp({.from = 10'001,
                    .sequence = 1001,
                    .acknowledged = *second,
                    .flags = test::ack,
                    .data = Bytes(10)}));
  EXPECT_NE(sockets().poll() & POLLIN, 0);
  const auto accepted = sockets().accept();
  ASSERT_TRUE(accepted);
  EXPECT_EQ(static_cast<TcpSocket&>(**accepted).peer_endpoint()->port, 10'001);
  EXPECT_EQ(sockets().poll(), 0);
  network.pass(Duration::milliseconds(3500)); // two seconds are rounded to a SYN's retries: three
  EXPECT_NE(sockets().poll() & POLLIN, 0);
  const auto late = sockets().accept();
  ASSERT_TRUE(late);
  EXPECT_EQ(static_cast<TcpSocket&>(**late).peer_endpoint()->port, 10'000);
}

TEST_F(TcpSocketTest, SilentPeersDoNotFillTheQueueOfAListenerThatDefers) {
  ASSERT_TRUE(sockets().listen(4));
  const int seconds = 30;
  ASSERT_TRUE(
      sockets().set_option(IPPROTO_TCP, defer_accept, std::as_bytes(std::span(&seconds, 1))));
  for (unsigned port = 10'000; port < 10'050; ++port) {
    ASSERT_TRUE(connect(port)) << "no place in the queue for " << port;
    while ((sockets().poll() & POLLIN) != 0) {
      EXPECT_TRUE(sockets().accept());
    }
    network.card.sent.clear();
  }
}

TEST_F(TcpSocketTest, AReaderWakesWhenAWindowThatIsNotScaledIsFull) {
  ASSERT_TRUE(sockets().listen(4));
  const auto ours = connect(10'000); // no window scale option
  ASSERT_TRUE(ours);
  const auto accepted = sockets().accept();
  ASSERT_TRUE(accepted);
  const int least = 100'000;
  ASSERT_TRUE(
      internet(*accepted).set_option(SOL_SOCKET, SO_RCVLOWAT, std::as_bytes(std::span(&least, 1))));
  std::uint32_t sequence = 1001;
  for (int segment = 0; segment < 44; ++segment, sequence += 1460) { // 64240 of 65535 bytes
    EXPECT_EQ((*accepted)->poll() & POLLIN, segment * 1460 >= 65'535 / 2 ? POLLIN : 0) << segment;
    network.send(tcp({.from = 10'000,
                      .sequence = sequence,
                      .acknowledged = *ours,
                      .flags = test::ack,
                      .data = Bytes(1460)}));
    network.card.sent.clear();
  }
  EXPECT_EQ((*accepted)->poll() & POLLIN, POLLIN);
}

TEST_F(TcpSocketTest, OnlyOwnAddressesCanBeBound) {
  const auto bind_to = [](std::array<std::uint8_t, 4> bytes) {
    const StackUse use;
    const auto file = fs::FileReference::adopt(
        mm::make_owned<TcpSocket>(Family::ipv4, *tcp_new()).value().release());
    Address address;
    std::ranges::copy(bytes, address.bytes.begin());
    const auto bound = internet(file).bind({.address = address, .port = 81});
    return bound ? std::errc() : bound.error();
  };
  // There is a way to each of them.
  ip4_addr_t gateway;
  IP4_ADDR(&gateway, 10, 0, 0, 1);
  netif_set_gw(&network.interface.lwip(), &gateway);
  EXPECT_EQ(bind_to({10, 0, 0, 2}), std::errc());
  EXPECT_EQ(bind_to({127, 0, 0, 1}), std::errc());
  EXPECT_EQ(bind_to({127, 0, 0, 7}), std::errc::address_not_available) << "nothing comes there";
  EXPECT_EQ(bind_to({10, 0, 0, 3}), std::errc::address_not_available);
  EXPECT_EQ(bind_to({1, 2, 3, 4}), std::errc::address_not_available);
  network.set_usual_address();
}

TEST_F(TcpSocketTest, ConnectionsThatWaitForAcceptKeepTheirPlace) {
  ASSERT_TRUE(sockets().listen(4));
  const std::uint64_t dropped = backlog_drops().backlog_full;
  for (unsigned port = 10'000; port < 10'004; ++port) {
    ASSERT_TRUE(connect(port));
  }
  EXPECT_FALSE(connect(10'004));
  EXPECT_EQ(backlog_drops().backlog_full, dropped + 1);
  const auto accepted = sockets().accept();
  ASSERT_TRUE(accepted);
  EXPECT_TRUE(connect(10'004));
}

TEST_F(TcpSocketTest, ThoseWhoseDataAreNotReadLeaveMemoryForTheNext) {
  ASSERT_TRUE(sockets().listen(255));
  const std::size_t free_before = mm::frames().free_count();
  const std::size_t held_before = network_memory_bytes();
  constexpr unsigned connections = 200;
  constexpr unsigned segments = 150; // of the 179 that fit into the window
  for (unsigned port = 10'000; port < 10'000 + connections; ++port) {
    const auto ours = connect(port);
    ASSERT_TRUE(ours) << "connection " << port;
    for (unsigned i = 0; i < segments; ++i) {
      network.send(tcp({.from = port,
                        .sequence = 1001 + i * 1460,
                        .acknowledged = *ours,
                        .flags = test::ack,
                        .data = Bytes(1460)}));
    }
    network.card.sent.clear();
  }
  EXPECT_GT(network_memory_bytes() - held_before, free_before * mm::page_size / 5);
  EXPECT_LT(network_memory_bytes() - held_before, free_before * mm::page_size / 2);
  EXPECT_GT(mm::frames().free_count(), free_before / 2);
  EXPECT_TRUE(connect(9'999)) << "the next one";

  for (unsigned port = 10'000; port < 10'000 + connections; ++port) {
    for (tcp_pcb* pcb = tcp_active_pcbs; pcb != nullptr; pcb = pcb->next) {
      if (pcb->remote_port == port) {
        network.send(tcp({.from = port, .sequence = pcb->rcv_nxt, .flags = test::rst}));
        break;
      }
    }
  }
  EXPECT_LT(network_memory_bytes() - held_before, 64U * 1024);
}

/// Sends zeros for as long as they are taken at once; returns how many were.
std::size_t send_all_that_is_taken(InternetSocket& socket) {
  std::vector<std::byte> bytes(TCP_SND_BUF);
  std::size_t sent = 0;
  for (;;) {
    fs::UserBuffer buffer(bytes);
    const auto part = socket.send(buffer, {.do_not_wait = true}, std::nullopt);
    if (!part) {
      EXPECT_EQ(part.error(), std::errc::resource_unavailable_try_again);
      return sent;
    }
    sent += *part;
  }
}

TEST_F(TcpSocketTest, ThoseWhoAcknowledgeNothingLeaveMemoryForTheNext) {
  ASSERT_TRUE(sockets().listen(255));
  const std::size_t free_before = mm::frames().free_count();
  const std::size_t held_before = network_memory_bytes();
  constexpr unsigned connections = 900; // so many that each part of the memory is reached
  std::vector<fs::FileReference> accepted;
  for (unsigned port = 10'000; port < 10'000 + connections; ++port) {
    ASSERT_TRUE(connect(port)) << "connection " << port;
    auto connection = sockets().accept();
    ASSERT_TRUE(connection) << "connection " << port;
    accepted.push_back(std::move(*connection));
    const std::size_t share = connection_share();
    const std::size_t sent = send_all_that_is_taken(internet(accepted.back()));
    ASSERT_LE(sent, share) << "connection " << port;
    ASSERT_GT(sent, 0U) << "connection " << port;
    network.card.sent.clear();
  }
  EXPECT_EQ(connection_share(), std::size_t{TCP_MSS}) << "the last quarter was not reached";
  EXPECT_GT(network_memory_bytes() - held_before, free_before * mm::page_size / 5);
  EXPECT_LT(network_memory_bytes() - held_before, free_before * mm::page_size / 2);

  const auto ours = connect(9'999);
  ASSERT_TRUE(ours) << "the next one";
  auto next = sockets().accept();
  ASSERT_TRUE(next);
  EXPECT_EQ((*next)->poll() & POLLOUT, POLLOUT);
  std::array<std::byte, 5> text{};
  fs::UserBuffer buffer(text);
  EXPECT_EQ(internet(*next).send(buffer, {.do_not_wait = true}, std::nullopt), text.size());
  const auto segments = network.take_segments();
  ASSERT_EQ(segments.size(), 1U);
  EXPECT_EQ(segments[0].data, Bytes(text.size()));

  // Whoever acknowledges may send again, and all comes back in the end.
  network.send(tcp({.from = 9'999,
                    .sequence = 1001,
                    .acknowledged = *ours + static_cast<std::uint32_t>(text.size()),
                    .flags = test::ack}));
  EXPECT_GT(send_all_that_is_taken(internet(*next)), 0U);
  accepted.clear();
  *next = {};
  {
    const StackUse use;
    while (tcp_active_pcbs != nullptr) {
      tcp_abort(tcp_active_pcbs);
    }
  }
  EXPECT_LT(network_memory_bytes() - held_before, 64U * 1024);
}

TEST_F(TcpSocketTest, AConnectionWithoutAnOwnerDoesNotStandStillForEver) {
  ASSERT_TRUE(sockets().listen(4));
  const auto ours = connect(10'000);
  ASSERT_TRUE(ours);
  auto accepted = sockets().accept();
  ASSERT_TRUE(accepted);
  // The window closes, with data unsent.
  network.send(tcp(
      {.from = 10'000, .sequence = 1001, .acknowledged = *ours, .flags = test::ack, .window = 0}));
  {
    const StackUse use;
    ASSERT_EQ(tcp_write(tcp_active_pcbs, "held", 4, TCP_WRITE_FLAG_COPY), ERR_OK);
  }
  *accepted = {};
  ASSERT_NE(tcp_active_pcbs, nullptr);
  for (int second = 0; second < 130; ++second) {
    network.pass(Duration::seconds(1));
    const auto probes = network.take_segments();
    if (!probes.empty() && tcp_active_pcbs != nullptr) {
      network.send(tcp({.from = 10'000,
                        .sequence = 1001,
                        .acknowledged = *ours,
                        .flags = test::ack,
                        .window = 0}));
    }
  }
  EXPECT_EQ(tcp_active_pcbs, nullptr);
}

} // namespace
} // namespace skerry::net
