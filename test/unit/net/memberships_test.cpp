// SPDX-License-Identifier: Apache-2.0
// Multicast groups belong to sockets.
#include "network.hpp"
#include "src/net/udp_socket.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>

namespace skerry::net {
namespace {

using test::Network;

fs::FileReference make_socket(Family family) {
  const StackUse use;
  udp_pcb* pcb = udp_new_ip_type(family == Family::ipv4 ? IPADDR_TYPE_V4 : IPADDR_TYPE_ANY);
  return fs::FileReference::adopt(mm::make_owned<UdpSocket>(family, *pcb).value().release());
}

template <class T>
std::errc set(const fs::FileReference& file, int level, int name, const T& value) {
  const auto done = file->as_socket()->set_option(level, name, std::as_bytes(std::span(&value, 1)));
  return done ? std::errc() : done.error();
}

class MembershipsTest : public testing::Test {
protected:
  static ip_mreq group_v4(std::uint8_t last) {
    ip_mreq request{};
    request.imr_multiaddr.s_addr = htonl(0xef000000U + last); // 239.0.0.last
    return request;
  }
  static ipv6_mreq group_v6() {
    ipv6_mreq request{};
    request.ipv6mr_multiaddr.s6_addr[0] = 0xff;
    request.ipv6mr_multiaddr.s6_addr[1] = 0x05;
    request.ipv6mr_multiaddr.s6_addr[15] = 0x42;
    return request;
  }
  std::errc join(const fs::FileReference& file, std::uint8_t last) {
    return set(file, IPPROTO_IP, IP_ADD_MEMBERSHIP, group_v4(last));
  }

  /// How many sockets the interface has in the group.
  [[nodiscard]] unsigned users(std::uint8_t last) {
    const ip4_addr_t group{.addr = group_v4(last).imr_multiaddr.s_addr};
    const igmp_group* known = igmp_lookfor_group(&network.interface.lwip(), &group);
    return known != nullptr ? known->use : 0;
  }
  [[nodiscard]] unsigned users_v6() {
    const ipv6_mreq request = group_v6();
    ip6_addr_t group{};
    std::memcpy(group.addr, &request.ipv6mr_multiaddr, sizeof group.addr);
    const mld_group* known = mld6_lookfor_group(&network.interface.lwip(), &group);
    return known != nullptr ? known->use : 0;
  }

  Network& network = Network::get();
  fs::FileReference first = make_socket(Family::ipv4);
  fs::FileReference second = make_socket(Family::ipv4);
  fs::FileReference sixth = make_socket(Family::ipv6);
};

TEST_F(MembershipsTest, TheLastSocketThatClosesLeavesTheGroup) {
  EXPECT_EQ(join(first, 1), std::errc());
  EXPECT_EQ(join(second, 1), std::errc());
  EXPECT_EQ(users(1), 2U);
  first = {};
  EXPECT_EQ(users(1), 1U);
  second = {};
  EXPECT_EQ(users(1), 0U);
}

TEST_F(MembershipsTest, TheLastSocketOfIpv6LeavesToo) {
  EXPECT_EQ(set(sixth, IPPROTO_IPV6, IPV6_JOIN_GROUP, group_v6()), std::errc());
  EXPECT_EQ(users_v6(), 1U);
  sixth = {};
  EXPECT_EQ(users_v6(), 0U);
}

TEST_F(MembershipsTest, ASocketLeavesOnlyItsOwnGroups) {
  EXPECT_EQ(join(first, 1), std::errc());
  EXPECT_EQ(join(first, 1), std::errc::address_in_use);
  EXPECT_EQ(set(second, IPPROTO_IP, IP_DROP_MEMBERSHIP, group_v4(1)),
            std::errc::address_not_available);
  EXPECT_EQ(users(1), 1U);
  EXPECT_EQ(set(first, IPPROTO_IP, IP_DROP_MEMBERSHIP, group_v4(1)), std::errc());
  EXPECT_EQ(users(1), 0U);
  EXPECT_EQ(set(sixth, IPPROTO_IPV6, IPV6_LEAVE_GROUP, group_v6()),
            std::errc::address_not_available);
}

TEST_F(MembershipsTest, AnInterfaceIsNamedByIndexOrAddress) {
  ip_mreqn request{};
  request.imr_multiaddr = group_v4(2).imr_multiaddr;
  request.imr_ifindex = netif_get_index(&network.interface.lwip());
  EXPECT_EQ(set(first, IPPROTO_IP, IP_ADD_MEMBERSHIP, request), std::errc());
  EXPECT_EQ(users(2), 1U);
  request.imr_ifindex = 99;
  EXPECT_EQ(set(second, IPPROTO_IP, IP_ADD_MEMBERSHIP, request), std::errc::no_such_device);
  ip_mreq by_address = group_v4(2);
  by_address.imr_interface.s_addr = htonl(0x0a000002);
  EXPECT_EQ(set(second, IPPROTO_IP, IP_ADD_MEMBERSHIP, by_address), std::errc());
  EXPECT_EQ(users(2), 2U);
  by_address.imr_interface.s_addr = htonl(0x0a000003);
  EXPECT_EQ(set(second, IPPROTO_IP, IP_ADD_MEMBERSHIP, by_address), std::errc::no_such_device);
}

TEST_F(MembershipsTest, BadRequestsAreRefused) {
  ip_mreq host{};
  host.imr_multiaddr.s_addr = htonl(0x0a000001);
  EXPECT_EQ(set(first, IPPROTO_IP, IP_ADD_MEMBERSHIP, host), std::errc::invalid_argument);
  EXPECT_EQ(set(first, IPPROTO_IP, IP_ADD_MEMBERSHIP, 1), std::errc::invalid_argument);
  for (std::uint8_t i = 0; i < 20; ++i) {
    EXPECT_EQ(join(first, 10 + i), std::errc());
  }
  EXPECT_EQ(join(first, 30), std::errc::no_buffer_space);
}

TEST_F(MembershipsTest, AnInterfaceCounts255SocketsOfAGroup) {
  std::vector<fs::FileReference> files;
  for (unsigned i = 0; i < 255; ++i) {
    files.push_back(make_socket(Family::ipv4));
    ASSERT_EQ(join(files.back(), 3), std::errc());
  }
  EXPECT_EQ(join(first, 3), std::errc::no_buffer_space);
  files.clear();
  EXPECT_EQ(users(3), 0U);
}

TEST_F(MembershipsTest, OptionsOfIpv6AreForSocketsOfIpv6) {
  for (const int name : {IPV6_UNICAST_HOPS, IPV6_TCLASS}) {
    EXPECT_EQ(set(first, IPPROTO_IPV6, name, 1), std::errc::no_protocol_option);
    EXPECT_EQ(set(sixth, IPPROTO_IPV6, name, 1), std::errc());
  }
  EXPECT_EQ(set(first, IPPROTO_IPV6, IPV6_JOIN_GROUP, group_v6()), std::errc::no_protocol_option);
  EXPECT_EQ(set(first, IPPROTO_IP, IP_TTL, 1), std::errc());
}

} // namespace
} // namespace skerry::net
