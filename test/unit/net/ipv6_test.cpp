// SPDX-License-Identifier: Apache-2.0
// IPv6 addresses from arguments and from routers: how soon they are used, what is on their link,
// and the way to everything else.
#include "frames6.hpp"
#include "network.hpp"
#include "src/net/configuration.hpp"

#include <net/name_servers.hpp>

#include <gmock/gmock.h>
#include <optional>

namespace skerry::net {
namespace {

using test::Bytes;
using test::Ip6;
using test::local_ip6;
using test::Packet6;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr unsigned solicited_flag = 0x40;
constexpr unsigned override_flag = 0x20;
constexpr Ip6 elsewhere{0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9};

ip6_addr_t lwip_address(const Ip6& bytes) {
  ip6_addr_t address{};
  std::memcpy(address.addr, bytes.data(), bytes.size());
  return address;
}

class Ipv6 : public testing::Test {
protected:
  void SetUp() override {
    network.pass(Duration::seconds(3)); // the link-local address is no longer tested
    network.card.sent.clear();
  }
  void TearDown() override {
    const StackUse use;
    nd6_cleanup_netif(&lwip);
    nd6_clear_destination_cache();
    for (s8_t i = 1; i < LWIP_IPV6_NUM_ADDRESSES; ++i) {
      netif_ip6_addr_set_state(&lwip, i, IP6_ADDR_INVALID);
    }
    netif_set_ip6_autoconfig_enabled(&lwip, 0);
    network.set_usual_address();
  }

  void configure_as(std::string_view argument) {
    Configuration configuration{.dhcp = false, .ipv4 = {}, .ipv6 = {}};
    ASSERT_TRUE(parse_configuration(argument, configuration));
    const StackUse use;
    ASSERT_TRUE(configure(network.interface, configuration));
  }

  [[nodiscard]] std::vector<Packet6> take() { return test::take_packets6(network.card.sent); }
  /// The neighbours that were asked for since the last call.
  std::vector<Ip6> take_solicited() {
    std::vector<Ip6> targets;
    for (const Packet6& packet : take()) {
      if (packet.is_icmp(test::neighbor_solicitation) && packet.from != Ip6{}) {
        targets.push_back(packet.target());
      }
    }
    return targets;
  }

  err_t send_to(const Ip6& peer) {
    const StackUse use;
    udp_pcb* pcb = udp_new_ip_type(IPADDR_TYPE_V6);
    pbuf* data = pbuf_alloc(PBUF_TRANSPORT, 8, PBUF_RAM);
    ip_addr_t to{};
    ip_addr_copy_from_ip6(to, lwip_address(peer));
    const err_t error = udp_sendto(pcb, data, &to, 9);
    pbuf_free(data);
    udp_remove(pcb);
    return error;
  }

  [[nodiscard]] std::optional<u8_t> state_of(const Ip6& bytes) const {
    const ip6_addr_t address = lwip_address(bytes);
    const s8_t index = netif_get_ip6_addr_match(&lwip, &address);
    return index < 0 ? std::nullopt : std::optional(netif_ip6_addr_state(&lwip, index));
  }

  test::Network& network = test::Network::get();
  netif& lwip = network.interface.lwip();
};

TEST_F(Ipv6, P0014_AddressesAnswerAtOnce) {
  configure_as("fd01::2/64");
  network.card.sent.clear();
  network.send(test::solicitation(local_ip6(1, 0, 2), local_ip6(1, 0, 1)));
  auto packets = take();
  ASSERT_THAT(packets, SizeIs(1));
  EXPECT_TRUE(packets[0].is_icmp(test::neighbor_advertisement));
  EXPECT_EQ(packets[0].payload[4], solicited_flag) << "another's address is not overridden";
  network.pass(Duration::seconds(3));
  (void)take();
  network.send(test::solicitation(local_ip6(1, 0, 2), local_ip6(1, 0, 1)));
  packets = take();
  ASSERT_THAT(packets, Not(IsEmpty()));
  EXPECT_EQ(packets[0].payload[4], solicited_flag | override_flag);
}

TEST_F(Ipv6, P0014_AddressesAreTested) {
  configure_as("fd01::2/64");
  (void)take();
  network.pass(Duration::seconds(3));
  const auto packets = take();
  const auto is_test = [](const Packet6& packet) {
    return packet.is_icmp(test::neighbor_solicitation) && packet.from == Ip6{} &&
           packet.target() == local_ip6(1, 0, 2);
  };
  EXPECT_EQ(std::ranges::count_if(packets, is_test), 1);
  EXPECT_EQ(state_of(local_ip6(1, 0, 2)), IP6_ADDR_PREFERRED);
}

TEST_F(Ipv6, P0014_AnAddressThatAnotherHasIsGivenUp) {
  configure_as("fd01::2/64");
  while (state_of(local_ip6(1, 0, 2)) == IP6_ADDR_OPTIMISTIC) {
    network.pass(Duration::milliseconds(50)); // until it has asked
  }
  network.send(test::advertisement(local_ip6(1, 0, 2), test::all_nodes));
  EXPECT_EQ(state_of(local_ip6(1, 0, 2)), IP6_ADDR_DUPLICATED);
  network.pass(Duration::seconds(3));
  (void)take();
  network.send(test::solicitation(local_ip6(1, 0, 2), local_ip6(1, 0, 1)));
  EXPECT_THAT(take(), IsEmpty());
}

TEST_F(Ipv6, P0014_AnAddressInUseIsNotTakenAway) {
  configure_as("fd01::2/64");
  network.pass(Duration::seconds(3));
  network.send(test::advertisement(local_ip6(1, 0, 2), test::all_nodes));
  EXPECT_EQ(state_of(local_ip6(1, 0, 2)), IP6_ADDR_PREFERRED);
}

TEST_F(Ipv6, P0014_PacketsToNeighboursWaitForTheEndOfTheTest) {
  configure_as("fd01::2/64");
  {
    const StackUse use;
    netif_ip6_addr_set_state(&lwip, 0, IP6_ADDR_OPTIMISTIC); // as at the start
  }
  EXPECT_EQ(send_to(local_ip6(1, 0, 1)), ERR_OK);
  EXPECT_THAT(take_solicited(), IsEmpty()) << "not from an address that is tested";
  network.pass(Duration::milliseconds(2200));
  EXPECT_THAT(take_solicited(), testing::Contains(local_ip6(1, 0, 1)));
  network.send(test::advertisement(local_ip6(1, 0, 1), local_ip6(1, 0, 2)));
  const auto packets = take();
  ASSERT_THAT(packets, SizeIs(1));
  EXPECT_EQ(packets[0].protocol, 17U);
  EXPECT_EQ(packets[0].to, local_ip6(1, 0, 1));
}

TEST_F(Ipv6, P0015_TheLinkIsAsLongAsThePrefixSays) {
  struct {
    const char* argument;
    Ip6 destination;
    bool on_link;
  } const cases[] = {
      {"fd02::2/48,fd02::1", local_ip6(2, 5, 9), true},
      {"fd03::2/64,fd03::1", local_ip6(3, 5, 9), false},
      {"fd04::2/64,fd04::1", local_ip6(4, 0, 9), true},
      {"fd05::2/125,fd05::1", local_ip6(5, 0, 7), true},
      {"fd06::2/125,fd06::1", local_ip6(6, 0, 8), false},
      {"fd07::2/128,fd07::1", local_ip6(7, 0, 3), false},
      {"fd08::2/128,fe80::1", local_ip6(8, 0, 3), false},
  };
  for (const auto& each : cases) {
    configure_as(each.argument);
    network.pass(Duration::seconds(3));
    (void)take();
    EXPECT_EQ(send_to(each.destination), ERR_OK) << each.argument;
    Configuration parsed;
    ASSERT_TRUE(parse_configuration(each.argument, parsed));
    const Ip6 gateway = parsed.ipv6->gateway->bytes;
    EXPECT_THAT(take_solicited(), testing::ElementsAre(each.on_link ? each.destination : gateway))
        << each.argument;
    Ipv6::TearDown();
  }
}

TEST_F(Ipv6, P0015_TheWayThroughTheGatewayBeginsWithTheMtuOfIpv6) {
  configure_as("fd0b::2/64,fd0b::1");
  lwip.mtu6 = 1400;
  EXPECT_EQ(send_to(elsewhere), ERR_OK);
  const ip6_addr_t destination = lwip_address(elsewhere);
  EXPECT_EQ(nd6_get_destination_mtu(&destination, &lwip), 1400);
}

TEST_F(Ipv6, TheGatewayGetsWhatIsNotOnTheLink) {
  configure_as("fd09::2/64,fd09::1");
  network.pass(Duration::seconds(3));
  network.send(test::solicitation(local_ip6(9, 0, 2), local_ip6(9, 0, 1))); // it tells its address
  (void)take();
  EXPECT_EQ(send_to(elsewhere), ERR_OK);
  const auto packets = take();
  ASSERT_THAT(packets, SizeIs(1));
  EXPECT_EQ(packets[0].to, elsewhere);
  EXPECT_EQ(packets[0].from, local_ip6(9, 0, 2));
  EXPECT_EQ(packets[0].to_mac, test::peer_mac);
}

TEST_F(Ipv6, ThereIsNoWayElsewhereWithoutAGateway) {
  configure_as("fd0a::2/64");
  network.pass(Duration::seconds(3));
  EXPECT_EQ(send_to(elsewhere), ERR_RTE);
}

/// What a router advertises (RFC 4861, 4.2; RFC 8106, 5.1).
struct Advertised {
  unsigned router_lifetime = 1800;
  std::uint32_t valid_lifetime = 3600;
  std::uint32_t server_lifetime = 600;
  Ip6 server = local_ip6(0x10, 0, 0x53);
};

class Router : public Ipv6 {
protected:
  void SetUp() override {
    Ipv6::SetUp();
    netif_set_ip6_autoconfig_enabled(&lwip, 1);
  }
  void TearDown() override {
    advertise({.router_lifetime = 0, .valid_lifetime = 0, .server_lifetime = 0});
    Ipv6::TearDown();
  }

  /// fd10::/64 with addresses, an MTU of 1400, and a name server, from fe80::1.
  void advertise(const Advertised& what) {
    Bytes message{test::router_advertisement, 0, 0, 0, 64, 0};
    test::append16(message, what.router_lifetime);
    test::append(message, Bytes(8));
    test::append(message, Bytes{1, 1});
    test::append(message, test::peer_mac);
    test::append(message, Bytes{5, 1, 0, 0});
    test::append32(message, 1400);
    test::append(message, Bytes{3, 4, 64, 0xc0});
    test::append32(message, what.valid_lifetime);
    test::append32(message, what.valid_lifetime / 2);
    test::append32(message, 0);
    test::append(message, local_ip6(0x10, 0, 0));
    test::append(message, Bytes{25, 3, 0, 0});
    test::append32(message, what.server_lifetime);
    test::append(message, what.server);
    network.send(test::icmp6(message, test::peer_link_local, test::all_nodes));
  }

  [[nodiscard]] static Ip6 our_address() {
    Ip6 address = local_ip6(0x10, 0, 0);
    std::ranges::copy(test::our_interface_id, address.begin() + 8);
    return address;
  }
  static std::string name_servers() {
    char text[500];
    return std::string(resolver_configuration(text));
  }
};

TEST_F(Router, GivesAddressMtuNameServerAndTheWayElsewhere) {
  advertise({});
  EXPECT_EQ(state_of(our_address()), IP6_ADDR_OPTIMISTIC) << "in use at once";
  EXPECT_EQ(lwip.mtu6, 1400);
  EXPECT_EQ(lwip.mtu, 1500) << "an MTU of IPv6";
  EXPECT_THAT(name_servers(), HasSubstr("nameserver fd10::53\n"));
  network.pass(Duration::seconds(3));
  EXPECT_EQ(state_of(our_address()), IP6_ADDR_PREFERRED);
  (void)take();
  EXPECT_EQ(send_to(elsewhere), ERR_OK);
  const auto packets = take();
  ASSERT_THAT(packets, SizeIs(1));
  EXPECT_EQ(packets[0].to, elsewhere);
  EXPECT_EQ(packets[0].from, our_address());
  EXPECT_EQ(packets[0].to_mac, test::peer_mac);
  EXPECT_EQ(send_to(local_ip6(0x10, 0, 9)), ERR_OK);
  EXPECT_THAT(take_solicited(), testing::ElementsAre(local_ip6(0x10, 0, 9))) << "on the link";
}

TEST_F(Router, MayBeTheNameServerByItsLinkLocalAddress) {
  advertise({.server = test::peer_link_local});
  EXPECT_THAT(name_servers(),
              HasSubstr(std::format("nameserver fe80::1%{}\n", netif_get_index(&lwip))));
  advertise({.server_lifetime = 0, .server = test::peer_link_local});
  EXPECT_THAT(name_servers(), Not(HasSubstr("fe80::1")));
}

TEST_F(Router, TakesBackWhatItGave) {
  advertise({});
  network.pass(Duration::seconds(3));
  EXPECT_EQ(send_to(elsewhere), ERR_OK);
  advertise({.router_lifetime = 0, .server_lifetime = 0});
  network.pass(Duration::seconds(2));
  EXPECT_EQ(send_to(elsewhere), ERR_RTE);
  EXPECT_THAT(name_servers(), Not(HasSubstr("fd10::53")));
}

TEST_F(Router, GivesAnAddressForATime) {
  advertise({.valid_lifetime = 100});
  network.pass(Duration::seconds(95));
  EXPECT_EQ(state_of(our_address()), IP6_ADDR_DEPRECATED) << "after half of it";
  network.pass(Duration::seconds(10));
  EXPECT_EQ(state_of(our_address()), std::nullopt);
}

TEST_F(Router, GivesNoAddressToWhoDoesNotWantOne) {
  netif_set_ip6_autoconfig_enabled(&lwip, 0);
  advertise({});
  EXPECT_EQ(state_of(our_address()), std::nullopt);
}

TEST_F(Router, IsNotBelievedFromAfar) {
  Bytes message{test::router_advertisement, 0, 0, 0, 64, 0, 7, 8};
  test::append(message, Bytes(8));
  network.send(test::icmp6(message, elsewhere, test::all_nodes));
  EXPECT_EQ(send_to(elsewhere), ERR_RTE);
}

} // namespace
} // namespace skerry::net
