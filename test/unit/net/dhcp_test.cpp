// SPDX-License-Identifier: Apache-2.0
// The life of a lease, with a server made by hand and a clock that only the test moves.
#include "dhcp_server.hpp"
#include "src/net/address_search.hpp"
#include "src/net/configuration.hpp"
#include "src/net/dhcp.hpp"

#include <net/name_servers.hpp>

#include <gmock/gmock.h>

namespace skerry::net {
namespace {

using test::a_lease;
using test::Bytes;
using test::Dhcp;
using test::Ip4;
using test::Options;
using testing::ElementsAre;
using testing::EndsWith;
using testing::IsEmpty;
using testing::SizeIs;

constexpr Ip4 nothing{};
constexpr Ip4 router{10, 0, 0, 254};
const Bytes router_bytes(router.begin(), router.end());
/// 192.168.7.0/24 through 10.0.0.1.
const Bytes a_route{24, 192, 168, 7, 10, 0, 0, 1};
/// Everything through 10.0.0.9.
const Bytes a_default_route{0, 10, 0, 0, 9};

Ip4 bytes_of(const ip4_addr_t* address) {
  Ip4 bytes;
  std::memcpy(bytes.data(), &address->addr, bytes.size());
  return bytes;
}

Options with(Options options, const Options& more) {
  for (const auto& [option, value] : more) {
    options[option] = value;
  }
  return options;
}

class DhcpLease : public testing::Test {
protected:
  void SetUp() override {
    const StackUse use;
    netif_set_addr(&lwip, nullptr, nullptr, nullptr);
    ASSERT_TRUE(configure(network.interface,
                          Configuration{.autoconfigure = false, .ipv4 = {}, .ipv6 = {}}));
  }
  void TearDown() override {
    const StackUse use;
    dhcp_release_and_stop(&lwip);
    dhcp_cleanup(&lwip);
    network.interface.routes().clear();
    network.set_usual_address();
  }

  [[nodiscard]] Ip4 address() const { return bytes_of(netif_ip4_addr(&lwip)); }
  [[nodiscard]] Ip4 gateway() const { return bytes_of(netif_ip4_gw(&lwip)); }
  /// Through whom packets to 192.168.7.1 go by a route; nothing when by the default one.
  [[nodiscard]] std::optional<std::uint32_t> next_hop() const {
    const std::uint32_t destination = lwip_htonl(0xc0a80701);
    const auto route = network.interface.routes().find(destination);
    return route ? std::optional(lwip_htonl(route->gateway)) : std::nullopt;
  }

  test::Network& network = test::Network::get();
  netif& lwip = network.interface.lwip();
  test::DhcpServer server{network};
};

TEST_F(DhcpLease, GivesAddressMaskAndRouter) {
  server.lease(with(a_lease(), {{3, router_bytes}}));
  EXPECT_EQ(address(), test::our_ip);
  EXPECT_EQ(bytes_of(netif_ip4_netmask(&lwip)), (Ip4{255, 255, 255, 0}));
  EXPECT_EQ(gateway(), router);
  EXPECT_EQ(lwip.mtu, 1500);
  EXPECT_THAT(network.interface.routes().all(), IsEmpty());
}

TEST_F(DhcpLease, AsksForRoutesBeforeTheRouter) {
  const auto expect_asked = [](test::DhcpMessage message) {
    const Bytes asked = message.options[55];
    EXPECT_THAT(asked, testing::UnorderedElementsAre(1, 3, 6, 26, 28, 121));
    EXPECT_EQ(asked.at(0), 121);
  };
  expect_asked(server.take(Dhcp::discover));
  server.answer(Dhcp::offer, a_lease());
  expect_asked(server.take(Dhcp::request));
}

TEST_F(DhcpLease, RoutesOutrankTheRouter) {
  server.lease(with(a_lease(), {{3, router_bytes}, {121, a_route}}));
  EXPECT_EQ(next_hop(), 0x0a000001U);
  EXPECT_EQ(gateway(), nothing) << "RFC 3442: the router option is ignored";
}

TEST_F(DhcpLease, ADefaultRouteIsTheGateway) {
  Bytes both = a_route;
  test::append(both, a_default_route);
  server.lease(with(a_lease(), {{3, router_bytes}, {121, both}}));
  EXPECT_EQ(gateway(), (Ip4{10, 0, 0, 9}));
}

TEST_F(DhcpLease, RoutesThatAreMalformedLeaveTheRouter) {
  server.lease(with(a_lease(), {{3, router_bytes}, {121, {33, 1, 2, 3, 4, 5, 6, 7, 8, 9}}}));
  EXPECT_EQ(address(), test::our_ip);
  EXPECT_EQ(gateway(), router);
  EXPECT_EQ(next_hop(), std::nullopt);
}

TEST_F(DhcpLease, AnOptionInPartsIsOne) {
  server.lease(a_lease(), {121, 3, 24, 192, 168, 121, 5, 7, 10, 0, 0, 1});
  EXPECT_EQ(next_hop(), 0x0a000001U);
}

TEST_F(DhcpLease, OptionsMayLieInOtherFields) {
  const Bytes name{3, 4, 10, 0, 0, 254, 255};
  const Bytes file{121, 8, 24, 192, 168, 7, 10, 0, 0, 1, 255};
  std::ranges::copy(name, server.name_and_file.begin());
  std::ranges::copy(file, server.name_and_file.begin() + 64);
  server.lease(with(a_lease(), {{52, {3}}}));
  EXPECT_EQ(next_hop(), 0x0a000001U);
  EXPECT_EQ(gateway(), nothing);
}

TEST_F(DhcpLease, OptionsOfOffersThatAreNotTakenMeanNothing) {
  (void)server.take(Dhcp::discover);
  server.answer(Dhcp::offer, a_lease());
  (void)server.take(Dhcp::request);
  // Another server is late.
  server.answer(Dhcp::offer,
                with(a_lease(), {{54, {10, 0, 0, 66}}, {26, {2, 88}}, {121, a_route}}));
  EXPECT_EQ(lwip.mtu, 1500);
  EXPECT_EQ(next_hop(), std::nullopt);
  server.answer(Dhcp::ack, a_lease());
  EXPECT_EQ(address(), test::our_ip);
  EXPECT_EQ(lwip.mtu, 1500);
  EXPECT_EQ(next_hop(), std::nullopt);
}

TEST_F(DhcpLease, P0013_OnlyTheChosenServerGivesOrRefusesIt) {
  (void)server.take(Dhcp::discover);
  server.answer(Dhcp::offer, a_lease());
  EXPECT_THAT(server.take(Dhcp::request).options[54], ElementsAre(10, 0, 0, 1));
  const Options of_another = with(a_lease(), {{54, {10, 0, 0, 66}}, {3, router_bytes}});
  server.answer(Dhcp::ack, of_another, {}, {10, 0, 0, 77});
  EXPECT_EQ(address(), nothing);
  server.answer(Dhcp::nak, of_another);
  EXPECT_THAT(server.take(), IsEmpty()) << "the client did not begin anew";
  server.answer(Dhcp::ack, a_lease());
  EXPECT_EQ(address(), test::our_ip);
  EXPECT_EQ(gateway(), nothing);
}

TEST_F(DhcpLease, IsRenewedAtHalfItsTime) {
  server.lease(a_lease());
  network.pass(Duration::seconds(1795));
  EXPECT_THAT(server.take(), IsEmpty());
  network.pass(Duration::seconds(10));
  const test::DhcpMessage request = server.take(Dhcp::request);
  EXPECT_EQ(request.client, test::our_ip);
  EXPECT_EQ(request.destination, test::peer_ip) << "the server that gave it is asked";
  server.answer(Dhcp::ack, a_lease());
  network.pass(Duration::seconds(1795));
  EXPECT_THAT(server.take(), IsEmpty());
  EXPECT_EQ(address(), test::our_ip);
}

TEST_F(DhcpLease, WhatALaterOneDoesNotTellIsAsWithoutIt) {
  server.lease(
      with(a_lease(),
           {{3, router_bytes}, {6, {10, 0, 0, 54, 10, 0, 0, 55}}, {26, {5, 120}}, {121, a_route}}));
  EXPECT_EQ(lwip.mtu, 1400);
  EXPECT_EQ(next_hop(), 0x0a000001U);
  char text[200];
  EXPECT_THAT(resolver_configuration(text),
              EndsWith("nameserver 10.0.0.54\nnameserver 10.0.0.55\n"));
  network.pass(Duration::seconds(1805));
  (void)server.take(Dhcp::request);
  server.answer(Dhcp::ack, with(a_lease(), {{3, router_bytes}, {6, {10, 0, 0, 56}}}));
  EXPECT_EQ(lwip.mtu, 1500);
  EXPECT_EQ(next_hop(), std::nullopt);
  EXPECT_EQ(gateway(), router);
  EXPECT_THAT(resolver_configuration(text), EndsWith("nameserver 10.0.0.56\n"));
  EXPECT_THAT(resolver_configuration(text), testing::Not(testing::HasSubstr("10.0.0.55")));
}

TEST_F(DhcpLease, AnyServerMayExtendItWhenItsOwnIsGone) {
  server.lease(a_lease());
  network.pass(Duration::seconds(3155)); // 7/8 of it
  const auto messages = server.take();
  ASSERT_THAT(messages, testing::Not(IsEmpty()));
  EXPECT_EQ(messages.back().kind, Dhcp::request);
  EXPECT_EQ(messages.back().destination, test::broadcast);
  server.answer(Dhcp::ack, with(a_lease(), {{54, {10, 0, 0, 66}}}));
  EXPECT_EQ(address(), test::our_ip);
  network.pass(Duration::seconds(1805));
  // The other one does not answer ARP, so what is seen is that it is looked for.
  const auto is_for_it = [](const Bytes& frame) {
    return test::get16(frame, 12) == 0x0806 && test::get32(frame, 38) == 0x0a000042;
  };
  EXPECT_TRUE(std::ranges::any_of(network.card.sent, is_for_it));
}

TEST_F(DhcpLease, EndsAtItsTimeAndAnotherIsLookedFor) {
  server.lease(a_lease());
  network.pass(Duration::seconds(3595));
  EXPECT_EQ(address(), test::our_ip);
  network.pass(Duration::seconds(10));
  EXPECT_EQ(address(), nothing);
  server.lease(a_lease());
  EXPECT_EQ(address(), test::our_ip);
}

TEST_F(DhcpLease, OfAMinuteLivesAsLongAsItIsRenewed) {
  const Options of_a_minute = with(a_lease(), {{51, {0, 0, 0, 60}}});
  server.lease(of_a_minute);
  for (int i = 0; i < 10; ++i) {
    network.pass(Duration::seconds(31));
    (void)server.take(Dhcp::request);
    server.answer(Dhcp::ack, of_a_minute);
    ASSERT_EQ(address(), test::our_ip);
  }
}

TEST_F(DhcpLease, WithoutEndIsKeptThoughTheOneBeforeHadOne) {
  server.lease(a_lease());
  network.pass(Duration::seconds(1805));
  (void)server.take(Dhcp::request);
  server.answer(Dhcp::ack, with(a_lease(), {{51, {255, 255, 255, 255}}}));
  network.pass(Duration::seconds(7200));
  EXPECT_EQ(address(), test::our_ip);
  EXPECT_THAT(server.take(), IsEmpty());
}

TEST_F(DhcpLease, IsGivenUpWhenTheServerRefusesToExtendIt) {
  server.lease(a_lease());
  network.pass(Duration::seconds(1805));
  (void)server.take(Dhcp::request);
  server.answer(Dhcp::nak, {{54, {10, 0, 0, 1}}});
  EXPECT_EQ(address(), nothing);
  server.lease(a_lease());
  EXPECT_EQ(address(), test::our_ip);
}

TEST_F(DhcpLease, IsAskedForAgainWhenNobodyAnswers) {
  EXPECT_THAT(server.take(), SizeIs(1));
  network.pass(Duration::seconds(15)); // after 2, 4 and 8 seconds
  EXPECT_THAT(server.take(), SizeIs(3));
}

TEST_F(DhcpLease, IsWaitedForUntilItIsThere) {
  EXPECT_TRUE(address_is_sought());
  server.lease(a_lease());
  EXPECT_FALSE(address_is_sought());
}

TEST_F(DhcpLease, IsWaitedForNoLongerThanAServerIsLikely) {
  network.pass(search_patience - Duration::seconds(1));
  EXPECT_TRUE(address_is_sought());
  network.pass(Duration::seconds(2));
  EXPECT_FALSE(address_is_sought());
  EXPECT_TRUE(await_address()) << "at once";
}

TEST_F(DhcpLease, IsNotWaitedForByTheResolverThatKnowsAServerAlready) {
  ip_addr_t of_a_router = IPADDR6_INIT_HOST(0xfd000000, 0, 0, 0x53);
  dns_setserver(0, &of_a_router);
  char text[500];
  EXPECT_THAT(resolver_configuration(text), EndsWith("nameserver fd00::53\n"));
  dns_setserver(0, nullptr);
}

TEST_F(DhcpLease, IsNotWaitedForByWhoDoesNotNeedIt) {
  Address peer{.family = Family::ipv4, .bytes = {127, 0, 0, 1}};
  EXPECT_TRUE(await_address_for(peer, {}));
  peer = {.family = Family::ipv6, .bytes = {0xfd}};
  EXPECT_TRUE(await_address_for(peer, {}));
}

TEST_F(DhcpLease, IsNotAskedForOnALinkThatCannotCarryTheAnswer) {
  const StackUse use;
  dhcp_release_and_stop(&lwip);
  dhcp_cleanup(&lwip);
  lwip.mtu = 575;
  EXPECT_TRUE(configure(network.interface, Configuration{.ipv4 = {}, .ipv6 = {}}));
  EXPECT_EQ(netif_dhcp_data(&lwip), nullptr);
}

TEST(DhcpOptions, AnMtuIsHeldBetweenWhatHostsTakeAndWhatTheDeviceCan) {
  DhcpOptions options;
  EXPECT_EQ(options.mtu(1500), 1500);
  const auto of = [&](unsigned wanted, std::uint32_t device) {
    options.clear();
    options.add(26,
                Bytes{static_cast<std::uint8_t>(wanted >> 8U), static_cast<std::uint8_t>(wanted)});
    return options.mtu(device);
  };
  EXPECT_EQ(of(1400, 1500), 1400);
  EXPECT_EQ(of(9000, 1500), 1500);
  EXPECT_EQ(of(68, 1500), 576);
  EXPECT_EQ(of(68, 300), 300) << "a device of less than hosts must take";
  EXPECT_EQ(of(0, 1500), 1500);
  options.clear();
  options.add(26, Bytes{5});
  EXPECT_EQ(options.mtu(1500), 1500) << "half an option";
}

TEST(DhcpOptions, OfARequestAreNotReadPastTheirEnd) {
  for (const Bytes& before :
       {Bytes{}, Bytes{55}, Bytes{55, 2, 121}, Bytes{12, 9, 1}, Bytes{55, 0}, Bytes{55, 1, 3}}) {
    Bytes options = before;
    ask_for_routes_first(options);
    EXPECT_EQ(options, before);
  }
  Bytes options{12, 1, 9, 55, 3, 1, 3, 121, 60, 0};
  ask_for_routes_first(options);
  EXPECT_EQ(options, (Bytes{12, 1, 9, 55, 3, 121, 1, 3, 60, 0}));
}

TEST(DhcpOptions, RoutesOfAnyLengthAreTaken) {
  DhcpOptions options;
  for (int i = 0; i < 20; ++i) {
    options.add(121, Bytes(255, 1));
  }
  EXPECT_EQ(options.routes().size(), 1500U);
  options.clear();
  EXPECT_TRUE(options.routes().empty());
}

} // namespace
} // namespace skerry::net
