// SPDX-License-Identifier: Apache-2.0
// What UDP sockets send to groups: how far, by which interface, and who hears it here.
#include "network.hpp"
#include "src/net/udp_socket.hpp"

#include <array>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>

namespace skerry::net {
namespace {

using test::Bytes;
using test::Network;

class MulticastTest : public testing::Test {
protected:
  MulticastTest() {
    ip_mreq request{};
    request.imr_multiaddr.s_addr = htonl(0xef000001U); // 239.0.0.1
    EXPECT_TRUE(set(listener, IP_ADD_MEMBERSHIP, request));
    EXPECT_TRUE(udp(listener).bind({.address = {}, .port = 5000}));
    network.card.sent.clear();
  }

  static fs::FileReference make_socket() {
    const StackUse use;
    udp_pcb* pcb = udp_new_ip_type(IPADDR_TYPE_V4);
    return fs::FileReference::adopt(
        mm::make_owned<UdpSocket>(Family::ipv4, *pcb).value().release());
  }
  static UdpSocket& udp(const fs::FileReference& file) { return static_cast<UdpSocket&>(*file); }
  template <class T> static Result<> set(const fs::FileReference& file, int name, const T& value) {
    return udp(file).set_option(IPPROTO_IP, name, std::as_bytes(std::span(&value, 1)));
  }

  /// Sends to the group and returns the hop limit of the packet on the wire; -1 when there is none.
  int hops_of_a_packet() {
    std::array<std::byte, 1> byte{};
    fs::UserBuffer buffer{std::span(byte)};
    EXPECT_TRUE(
        udp(sender).send(buffer, {}, Endpoint{.address = {.bytes = {239, 0, 0, 1}}, .port = 5000}));
    int hops = -1;
    for (const Bytes& frame : std::exchange(network.card.sent, {})) {
      if (frame.size() > 34 && frame[12] == 0x08 && frame[23] == IPPROTO_UDP) {
        hops = frame[22];
      }
    }
    return hops;
  }

  /// Whether the listener has heard something, which it forgets.
  bool is_heard() {
    const bool heard = (listener->poll() & POLLIN) != 0;
    if (heard) {
      std::array<std::byte, 1> byte{};
      fs::UserBuffer buffer{std::span(byte)};
      EXPECT_TRUE(udp(listener).receive(buffer, {.do_not_wait = true}));
    }
    return heard;
  }

  Network& network = Network::get();
  fs::FileReference listener = make_socket();
  fs::FileReference sender = make_socket();
};

TEST_F(MulticastTest, StaysInTheNetworkUnlessItIsToGoFurther) {
  EXPECT_EQ(hops_of_a_packet(), 1);
  EXPECT_TRUE(set(sender, IP_MULTICAST_TTL, std::uint8_t{9}));
  EXPECT_EQ(hops_of_a_packet(), 9);
  EXPECT_TRUE(set(sender, IP_MULTICAST_TTL, -1));
  EXPECT_EQ(hops_of_a_packet(), 1);
}

TEST_F(MulticastTest, IsHeardHereUnlessItIsNotToBe) {
  (void)hops_of_a_packet();
  EXPECT_TRUE(is_heard());
  EXPECT_TRUE(set(sender, IP_MULTICAST_LOOP, std::uint8_t{0}));
  EXPECT_EQ(hops_of_a_packet(), 1) << "it is sent all the same";
  EXPECT_FALSE(is_heard());
}

TEST_F(MulticastTest, GoesByTheInterfaceThatWasChosen) {
  in_addr address{};
  address.s_addr = htonl(0x0a000002U); // 10.0.0.2
  EXPECT_TRUE(set(sender, IP_MULTICAST_IF, address));
  in_addr told{};
  ASSERT_TRUE(udp(sender).get_option(IPPROTO_IP, IP_MULTICAST_IF,
                                     std::as_writable_bytes(std::span(&told, 1))));
  EXPECT_EQ(told.s_addr, address.s_addr);
  EXPECT_EQ(hops_of_a_packet(), 1);
  address.s_addr = htonl(0x0a000063U);
  EXPECT_EQ(set(sender, IP_MULTICAST_IF, address),
            Result<>(fail(std::errc::address_not_available)));
  ip_mreqn nowhere{};
  nowhere.imr_ifindex = 99;
  EXPECT_EQ(set(sender, IP_MULTICAST_IF, nowhere), Result<>(fail(std::errc::no_such_device)));
}

} // namespace
} // namespace skerry::net
