// SPDX-License-Identifier: Apache-2.0
// Several sockets at one address (SO_REUSEPORT): who may, and which of them a peer meets.
#include "network.hpp"
#include "src/net/tcp_protocol.hpp"
#include "src/net/tcp_socket.hpp"
#include "src/net/udp_socket.hpp"

#include <mm/heap.hpp>

#include <array>
#include <gtest/gtest.h>
#include <map>
#include <netinet/in.h>
#include <poll.h>
#include <vector>

namespace skerry::net {
namespace {

using test::Bytes;
using test::Network;
using test::tcp;

InternetSocket& internet(const fs::FileReference& file) {
  return static_cast<InternetSocket&>(*file);
}

fs::FileReference udp_socket() {
  const StackUse use;
  return fs::FileReference::adopt(
      mm::make_owned<UdpSocket>(Family::ipv4, *udp_new_ip_type(IPADDR_TYPE_V4)).value().release());
}

fs::FileReference tcp_socket() {
  const StackUse use;
  use_tcp();
  return fs::FileReference::adopt(
      mm::make_owned<TcpSocket>(Family::ipv4, *tcp_new()).value().release());
}

Result<> share(const fs::FileReference& file) {
  const int on = 1;
  return internet(file).set_option(SOL_SOCKET, SO_REUSEPORT, std::as_bytes(std::span(&on, 1)));
}

Result<> bind(const fs::FileReference& file) {
  return internet(file).bind(Endpoint{.address = {}, .port = 80});
}

class PortGroups : public testing::Test {
protected:
  ~PortGroups() override {
    const StackUse use;
    while (tcp_active_pcbs != nullptr) {
      tcp_abort(tcp_active_pcbs);
    }
  }

  /// Members of a group, bound.
  static std::vector<fs::FileReference> group(fs::FileReference (*make)(), int count) {
    std::vector<fs::FileReference> members;
    for (int i = 0; i < count; ++i) {
      members.push_back(make());
      EXPECT_TRUE(share(members.back()));
      EXPECT_TRUE(bind(members.back())) << i;
    }
    return members;
  }

  /// Sends a datagram from that port; returns the index of the member that has it, or -1.
  int receiver_of(unsigned port, const std::vector<fs::FileReference>& members) {
    network.send(test::udp(port, 80, Bytes{1}));
    for (std::size_t i = 0; i < members.size(); ++i) {
      if ((members[i]->poll() & POLLIN) != 0) {
        std::array<std::byte, 1> byte{};
        fs::UserBuffer buffer{std::span(byte)};
        EXPECT_TRUE(internet(members[i]).receive(buffer, Transfer{}));
        return static_cast<int>(i);
      }
    }
    return -1;
  }

  void connect(unsigned port) {
    network.send(tcp({.from = port, .sequence = 1000, .flags = test::syn}));
    const auto answers = network.take_segments();
    ASSERT_EQ(answers.size(), 1U);
    network.send(tcp({.from = port,
                      .sequence = 1001,
                      .acknowledged = answers[0].sequence + 1,
                      .flags = test::ack}));
  }

  Network& network = Network::get();
};

TEST_F(PortGroups, AreOfThoseWhoAllAskedForIt) {
  for (const auto make : {tcp_socket, udp_socket}) {
    const auto members = group(make, 2);
    const auto other = make();
    EXPECT_EQ(bind(other).error(), std::errc::address_in_use);
    const int on = 1;
    EXPECT_TRUE(
        internet(other).set_option(SOL_SOCKET, SO_REUSEADDR, std::as_bytes(std::span(&on, 1))));
    EXPECT_EQ(bind(other).error(), std::errc::address_in_use);
    EXPECT_TRUE(share(other));
    EXPECT_TRUE(bind(other));
  }
}

TEST_F(PortGroups, SpreadDatagramsAndKeepAFlowTogether) {
  const auto members = group(udp_socket, 4);
  std::map<unsigned, int> first;
  std::array<int, 4> counts{};
  for (unsigned port = 10'000; port < 10'200; ++port) {
    const int receiver = receiver_of(port, members);
    ASSERT_GE(receiver, 0);
    first[port] = receiver;
    ++counts.at(static_cast<std::size_t>(receiver));
  }
  for (const int count : counts) {
    EXPECT_GE(count, 20) << "of 200, where 50 are expected";
  }
  for (unsigned port = 10'199; port >= 10'000; --port) {
    EXPECT_EQ(receiver_of(port, members), first[port]);
  }
}

TEST_F(PortGroups, MoveOnlyTheFlowsOfAMemberThatLeaves) {
  auto members = group(udp_socket, 3);
  std::map<unsigned, int> first;
  for (unsigned port = 10'000; port < 10'100; ++port) {
    first[port] = receiver_of(port, members);
  }
  members.pop_back();
  for (unsigned port = 10'000; port < 10'100; ++port) {
    const int receiver = receiver_of(port, members);
    EXPECT_GE(receiver, 0);
    if (first[port] != 2) {
      EXPECT_EQ(receiver, first[port]);
    }
  }
}

TEST_F(PortGroups, SpreadConnections) {
  const auto members = group(tcp_socket, 2);
  for (const auto& member : members) {
    ASSERT_TRUE(internet(member).listen(200));
  }
  for (unsigned port = 10'000; port < 10'100; ++port) {
    connect(port);
  }
  for (const auto& member : members) {
    int count = 0;
    for (; (member->poll() & POLLIN) != 0; ++count) {
      EXPECT_TRUE(internet(member).accept());
    }
    EXPECT_GE(count, 20) << "of 100, where 50 are expected";
    network.card.sent.clear();
  }
}

TEST_F(PortGroups, LetAMemberJoinWhileConnectionsAreOpen) {
  const auto members = group(tcp_socket, 1);
  ASSERT_TRUE(internet(members[0]).listen(4));
  connect(10'000);
  const auto other = tcp_socket();
  ASSERT_TRUE(share(other));
  ASSERT_TRUE(bind(other));
  EXPECT_TRUE(internet(other).listen(4));
  const auto third = tcp_socket();
  EXPECT_EQ(bind(third).error(), std::errc::address_in_use);
}

TEST_F(PortGroups, AllHearABroadcast) {
  const auto members = group(udp_socket, 3);
  network.send(test::udp(10'000, 80, Bytes{1}, test::peer_ip, {10, 0, 0, 255}));
  for (const auto& member : members) {
    EXPECT_NE(member->poll() & POLLIN, 0);
  }
}

TEST_F(PortGroups, WhoHasAPeerHearsNoOtherInABroadcast) {
  const auto members = group(udp_socket, 2);
  ASSERT_TRUE(
      internet(members[0]).connect(Endpoint{.address = {.bytes = {10, 0, 0, 9}}, .port = 7}));
  network.send(test::udp(10'000, 80, Bytes{1}, test::peer_ip, {10, 0, 0, 255}));
  EXPECT_EQ(members[0]->poll() & POLLIN, 0);
  EXPECT_NE(members[1]->poll() & POLLIN, 0);
  network.send(test::udp(7, 80, Bytes{1}, {10, 0, 0, 9}, {10, 0, 0, 255}));
  EXPECT_NE(members[0]->poll() & POLLIN, 0);
}

} // namespace
} // namespace skerry::net
