// SPDX-License-Identifier: Apache-2.0
#include "network.hpp"
#include "src/net/configuration.hpp"

#include <net/name_servers.hpp>

#include <gmock/gmock.h>

namespace skerry::net {
namespace {

using test::Bytes;
using test::get16;
using test::get32;
using testing::StartsWith;

std::string text_of(const std::optional<Address>& address) {
  char text[address_text_size];
  return address ? std::string(print_address(*address, text)) : "none";
}

TEST(Configuration, IsDhcpAndRoutersWithoutArguments) {
  const Configuration configuration;
  EXPECT_TRUE(configuration.dhcp);
  EXPECT_TRUE(configuration.autoconfigure);
}

TEST(Configuration, OfOneFamilyLeavesTheOther) {
  Configuration configuration;
  ASSERT_TRUE(parse_configuration("10.0.0.2/24", configuration));
  EXPECT_FALSE(configuration.dhcp);
  EXPECT_TRUE(configuration.autoconfigure);
  ASSERT_TRUE(configuration.ipv4);
  EXPECT_EQ(text_of(configuration.ipv4->prefix.address), "10.0.0.2");
  EXPECT_EQ(configuration.ipv4->prefix.bits, 24U);
  EXPECT_EQ(text_of(configuration.ipv4->gateway), "none");
  EXPECT_EQ(text_of(configuration.ipv4->name_server), "none");
  ASSERT_TRUE(parse_configuration("fd00::2/48,fd00::1,10.0.0.53", configuration));
  EXPECT_FALSE(configuration.autoconfigure);
  EXPECT_EQ(configuration.ipv6->prefix.bits, 48U);
  EXPECT_EQ(text_of(configuration.ipv6->gateway), "fd00::1");
  EXPECT_EQ(text_of(configuration.ipv6->name_server), "10.0.0.53");
  EXPECT_FALSE(parse_configuration("10.0.0.3/24", configuration)) << "a second one";
  EXPECT_FALSE(parse_configuration("fd00::3/64", configuration));
  EXPECT_FALSE(parse_configuration("dhcp", configuration)) << "beside an address";
}

TEST(Configuration, MayLeaveTheGatewayOut) {
  Configuration configuration;
  ASSERT_TRUE(parse_configuration("10.0.0.2/24,,10.0.0.53", configuration));
  EXPECT_EQ(text_of(configuration.ipv4->gateway), "none");
  EXPECT_EQ(text_of(configuration.ipv4->name_server), "10.0.0.53");
}

TEST(Configuration, MayBeNone) {
  Configuration configuration;
  ASSERT_TRUE(parse_configuration("none", configuration));
  EXPECT_FALSE(configuration.dhcp);
  EXPECT_FALSE(configuration.autoconfigure);
}

TEST(Configuration, TakesEveryLengthOfPrefix) {
  for (unsigned bits = 0; bits <= 128; ++bits) {
    Configuration configuration;
    EXPECT_TRUE(parse_configuration(std::format("fd00::2/{}", bits), configuration)) << bits;
  }
}

TEST(Configuration, RefusesWhatItCannotBe) {
  for (const char* value :
       {"", "dhcp,", "10.0.0.2", "10.0.0.2/", "10.0.0.2/33", "fd00::2/129", "0.0.0.0/0", "::/64",
        "10.0.0.2/24,", "10.0.0.2/24,,", "10.0.0.2/24,fd00::1", "fd00::2/64,10.0.0.1",
        "10.0.0.2/24,10.0.0", "10.0.0.2/24,10.0.0.1,x", "10.0.0.2/24,10.0.0.1,10.0.0.53,",
        "10.0.0.2/24 ", "DHCP"}) {
    Configuration configuration;
    EXPECT_FALSE(parse_configuration(value, configuration)) << value;
  }
}

TEST(Configuration, OfAnAddressUsesItsGatewayAndItsNameServer) {
  test::Network& network = test::Network::get();
  Configuration configuration;
  ASSERT_TRUE(parse_configuration("10.0.0.2/24,10.0.0.254,10.0.0.53", configuration));
  {
    const StackUse use;
    ASSERT_TRUE(configure(network.interface, configuration));
  }
  network.card.sent.clear();
  {
    const StackUse use;
    udp_pcb* pcb = udp_new();
    pbuf* data = pbuf_alloc(PBUF_TRANSPORT, 8, PBUF_RAM);
    ip_addr_t to = IPADDR4_INIT_BYTES(192, 168, 7, 1);
    EXPECT_EQ(udp_sendto(pcb, data, &to, 9), ERR_OK);
    pbuf_free(data);
    udp_remove(pcb);
  }
  ASSERT_EQ(network.card.sent.size(), 1U);
  EXPECT_EQ(get16(network.card.sent[0], 12), 0x0806U);
  EXPECT_EQ(get32(network.card.sent[0], 38), 0x0a0000feU) << "the gateway is looked for";
  char text[500];
  EXPECT_THAT(resolver_configuration(text), StartsWith("nameserver 10.0.0.53\n"));
  network.set_usual_address();
}

} // namespace
} // namespace skerry::net
