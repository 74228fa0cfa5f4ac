// SPDX-License-Identifier: Apache-2.0
// Connected UDP sockets learn that nobody listens at their peer's port.
#include "network.hpp"
#include "src/net/udp_socket.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

namespace skerry::net {
namespace {

using test::append;
using test::Bytes;
using test::Network;

constexpr unsigned peer_port = 9;

class Unreachable : public testing::Test {
protected:
  Unreachable() {
    const StackUse use;
    udp_pcb* pcb = udp_new_ip_type(IPADDR_TYPE_V4);
    file =
        fs::FileReference::adopt(mm::make_owned<UdpSocket>(Family::ipv4, *pcb).value().release());
    Address peer;
    std::ranges::copy(test::peer_ip, peer.bytes.begin());
    EXPECT_TRUE(socket().connect({.address = peer, .port = peer_port}));
    network.card.sent.clear();
    pbuf* empty = pbuf_alloc(PBUF_TRANSPORT, 4, PBUF_RAM);
    EXPECT_EQ(udp_send(pcb, empty), ERR_OK);
    pbuf_free(empty);
    sent = network.card.sent.at(0);
  }

  [[nodiscard]] UdpSocket& socket() const { return static_cast<UdpSocket&>(*file); }

  /// The peer's message about the datagram that we sent, changed at `offset` of the quote.
  [[nodiscard]] Bytes message(std::uint8_t code, std::size_t offset = 0,
                              std::uint8_t change = 0) const {
    Bytes bytes{3, code, 0, 0, 0, 0, 0, 0};
    append(bytes, std::span(sent).subspan(14, 28));
    bytes[8 + offset] ^= change;
    test::seal(bytes, 2);
    return test::ipv4(1, bytes);
  }

  [[nodiscard]] bool is_refused() const { return (socket().poll() & POLLERR) != 0; }

  Network& network = Network::get();
  fs::FileReference file;
  Bytes sent;
};

TEST_F(Unreachable, P0016_PortsAreToldToWhoSentThere) {
  network.send(message(3));
  EXPECT_TRUE(is_refused());
  int error = 0;
  ASSERT_TRUE(
      socket().get_option(SOL_SOCKET, SO_ERROR, std::as_writable_bytes(std::span(&error, 1))));
  EXPECT_EQ(error, ECONNREFUSED);
  EXPECT_FALSE(is_refused()) << "it is told once";
}

TEST_F(Unreachable, OtherReasonsMayPass) {
  for (const std::uint8_t code : {0, 1, 4, 13}) {
    network.send(message(code));
  }
  EXPECT_FALSE(is_refused());
}

TEST_F(Unreachable, OnlyWhatQuotesOurDatagramCounts) {
  network.send(message(3, 9, 1));    // another protocol
  network.send(message(3, 12, 1));   // not from us
  network.send(message(3, 16, 1));   // not to the peer
  network.send(message(3, 21, 1));   // another port of ours
  network.send(message(3, 23, 1));   // another port of the peer's
  network.send(message(3, 0, 0x0f)); // a header longer than the quote
  Bytes damaged = message(3);
  damaged[14 + 20 + 2] ^= 1U; // the sum
  network.send(damaged);
  for (std::size_t size = 1; size < 36; ++size) {
    Bytes bytes{3, 3, 0, 0, 0, 0, 0, 0};
    append(bytes, std::span(sent).subspan(14, 28));
    bytes.resize(size);
    if (size > 4) {
      test::seal(bytes, 2);
    }
    if (size < 32) {
      network.send(test::ipv4(1, bytes));
    }
  }
  EXPECT_FALSE(is_refused());
}

} // namespace
} // namespace skerry::net
