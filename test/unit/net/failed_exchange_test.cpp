// SPDX-License-Identifier: Apache-2.0
// Conversations that go on when one of their allocations finds no memory, and end when none does.
#include "dhcp_server.hpp"
#include "failed_allocation.hpp"
#include "src/net/configuration.hpp"
#include "tcp_listener.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <optional>

namespace skerry::net {
namespace {

using test::Bytes;
using test::Failing;
using test::Network;
using test::Segment;
using test::tcp;

/// Bytes that tell where they belong.
Bytes pattern(std::size_t size, unsigned step) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) {
    bytes[i] = static_cast<std::uint8_t>(i * step + i / 256);
  }
  return bytes;
}

/// A peer that sends all until it is acknowledged, and puts together what it gets. It connects to
/// `our_port`, or waits for a SYN where that is 0.
class PlainPeer {
public:
  PlainPeer(Network& network, unsigned port, unsigned our_port, const Bytes& outgoing)
      : network_(network), port_(port), our_port_(our_port), outgoing_(outgoing) {}

  void turn() {
    for (const Segment& segment : network_.take_segments()) {
      take(segment);
    }
    if (!their_next_) {
      if (our_port_ != 0) {
        send(0, test::syn);
      }
      return;
    }
    constexpr std::size_t most = 1000;
    const std::size_t size = std::min(most, outgoing_.size() - acknowledged_);
    const auto begin = outgoing_.begin() + static_cast<std::ptrdiff_t>(acknowledged_);
    send(1 + acknowledged_, test::ack, Bytes(begin, begin + static_cast<std::ptrdiff_t>(size)));
  }
  [[nodiscard]] const Bytes& incoming() const { return incoming_; }

private:
  static constexpr std::uint32_t first = 1000;

  void take(const Segment& segment) {
    if ((segment.flags & test::rst) != 0) {
      return; // an answer to what is no longer known
    }
    if ((segment.flags & test::syn) != 0) {
      their_next_ = segment.sequence + 1;
      our_port_ = segment.from;
      if ((segment.flags & test::ack) == 0) {
        send(0, test::syn | test::ack);
      }
    } else if (their_next_ && segment.sequence == *their_next_) {
      test::append(incoming_, segment.data);
      *their_next_ += static_cast<std::uint32_t>(segment.data.size());
    }
    const std::uint32_t acknowledged = segment.acknowledged - first - 1;
    if ((segment.flags & test::ack) != 0 && acknowledged <= outgoing_.size()) {
      acknowledged_ = std::max<std::size_t>(acknowledged_, acknowledged);
    }
  }
  void send(std::size_t at, unsigned flags, Bytes data = {}) {
    network_.send(tcp({.from = port_,
                       .to = our_port_,
                       .sequence = first + static_cast<std::uint32_t>(at),
                       .acknowledged = their_next_.value_or(0),
                       .flags = flags,
                       .data = std::move(data)}));
  }

  Network& network_;
  unsigned port_;
  unsigned our_port_;
  const Bytes& outgoing_;
  std::optional<std::uint32_t> their_next_;
  std::size_t acknowledged_ = 0;
  Bytes incoming_;
};

class FailedTcp : public test::TcpListener, public testing::WithParamInterface<Failing> {
protected:
  /// Queues what is still to be sent, until there is no room.
  void write_more() {
    const StackUse use;
    while (last != nullptr && last->state == ESTABLISHED && written < ours.size()) {
      const std::size_t room = last->snd_buf;
      const std::size_t size = std::min({most_at_once, ours.size() - written, room});
      if (size == 0 || tcp_write(last, &ours[written], static_cast<u16_t>(size),
                                 TCP_WRITE_FLAG_COPY) != ERR_OK) {
        break;
      }
      written += size;
    }
    if (last != nullptr) {
      tcp_output(last);
    }
  }
  /// Both sides have all that the other has sent.
  [[nodiscard]] bool is_done(const PlainPeer& peer) const {
    return peer.incoming() == ours && data == theirs;
  }
  bool talk(PlainPeer& peer) {
    for (int turn = 0; turn < 150 && !is_done(peer); ++turn) {
      write_more();
      peer.turn();
      network.pass(Duration::milliseconds(200));
    }
    return is_done(peer);
  }

  bool be_connected_to() {
    PlainPeer peer(network, 4000, 80, theirs);
    return talk(peer);
  }
  bool connect_to() {
    PlainPeer peer(network, 80, 0, theirs);
    {
      const StackUse use;
      tcp_pcb* pcb = tcp_new();
      ip_addr_t to = IPADDR4_INIT_BYTES(10, 0, 0, 1);
      if (pcb == nullptr) {
        return false;
      }
      tcp_arg(pcb, this);
      tcp_recv(pcb, received);
      tcp_err(pcb, gone);
      last = pcb;
      if (tcp_connect(pcb, &to, 80, nullptr) != ERR_OK) {
        tcp_abort(pcb);
        return false;
      }
    }
    was_refused = false;
    return talk(peer);
  }
  static void gone(void* self, err_t) { static_cast<FailedTcp*>(self)->last = nullptr; }

  void settle() {
    {
      const StackUse use;
      while (tcp_active_pcbs != nullptr) {
        tcp_abort(tcp_active_pcbs);
      }
    }
    last = nullptr;
    written = 0;
    data.clear();
    network.card.sent.clear();
  }

  static constexpr std::size_t most_at_once = 700;
  const Bytes ours = pattern(4000, 3);
  const Bytes theirs = pattern(3000, 7);
  std::size_t written = 0;
  /// Whether there was no memory for so much as a start.
  bool was_refused = false;
};

TEST_P(FailedTcp, AcceptedConnections) {
  test::fail_each_allocation(
      GetParam(),
      [&] {
        const bool is_done = be_connected_to();
        EXPECT_TRUE(is_done || GetParam() == Failing::ever_after);
      },
      [&] { settle(); });
}

TEST_P(FailedTcp, ConnectionsThatWeMake) {
  test::fail_each_allocation(
      GetParam(),
      [&] {
        was_refused = true;
        const bool is_done = connect_to();
        EXPECT_TRUE(is_done || was_refused || GetParam() == Failing::ever_after);
      },
      [&] { settle(); });
}

TEST_P(FailedTcp, SegmentsOutOfOrder) {
  const auto run = [&] {
    PlainPeer peer(network, 4000, 80, theirs);
    for (int turn = 0; turn < 20 && last == nullptr; ++turn) {
      peer.turn();
      network.pass(Duration::seconds(1));
    }
    if (last == nullptr) {
      return;
    }
    for (const std::uint32_t at : {2000U, 1500U, 2500U}) {
      network.send(tcp({.sequence = last->rcv_nxt + at,
                        .acknowledged = last->snd_nxt,
                        .flags = test::ack,
                        .data = Bytes(300)}));
    }
    network.pass(Duration::seconds(1));
  };
  test::fail_each_allocation(GetParam(), run, [&] { settle(); });
}

class FailedDhcp : public testing::TestWithParam<Failing> {
protected:
  void TearDown() override { network.set_usual_address(); }

  /// Returns whether there is a lease in the end.
  bool get_lease() {
    {
      const StackUse use;
      netif_set_addr(&lwip, nullptr, nullptr, nullptr);
      if (!configure(network.interface,
                     Configuration{.autoconfigure = false, .ipv4 = {}, .ipv6 = {}})) {
        was_refused = true;
        return false;
      }
    }
    was_refused = false;
    for (int second = 0; second < 60 && !has_lease(); ++second) {
      for (const test::DhcpMessage& message : server.take()) {
        server.answer(message.kind == test::Dhcp::discover ? test::Dhcp::offer : test::Dhcp::ack,
                      test::a_lease());
      }
      network.pass(Duration::seconds(1));
    }
    return has_lease();
  }
  [[nodiscard]] bool has_lease() const { return !ip4_addr_isany(netif_ip4_addr(&lwip)); }

  void settle() {
    {
      const StackUse use;
      dhcp_release_and_stop(&lwip);
      dhcp_cleanup(&lwip);
    }
    network.interface.routes().clear();
    network.card.sent.clear();
  }

  Network& network = Network::get();
  netif& lwip = network.interface.lwip();
  test::DhcpServer server{network};
  bool was_refused = false;
};

TEST_P(FailedDhcp, Lease) {
  test::fail_each_allocation(
      GetParam(),
      [&] {
        const bool is_done = get_lease();
        EXPECT_TRUE(is_done || was_refused || GetParam() == Failing::ever_after);
      },
      [&] { settle(); });
}

std::string name_of(const testing::TestParamInfo<Failing>& info) {
  return info.param == Failing::once ? "Once" : "EverAfter";
}

INSTANTIATE_TEST_SUITE_P(Net, FailedTcp, testing::Values(Failing::once, Failing::ever_after),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Net, FailedDhcp, testing::Values(Failing::once, Failing::ever_after),
                         name_of);

} // namespace
} // namespace skerry::net
