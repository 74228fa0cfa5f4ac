// SPDX-License-Identifier: Apache-2.0
// The library's part of sockets: addresses, names and numbers as text, without a network.
#include <net/if.h>

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <gtest/gtest.h>
#include <netdb.h>
#include <netinet/ether.h>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>

namespace {

std::string same(int family, const char* text) {
  unsigned char bytes[16];
  char back[INET6_ADDRSTRLEN];
  if (inet_pton(family, text, bytes) != 1)
    return "no address";
  return inet_ntop(family, bytes, back, sizeof back) == nullptr ? "no text" : back;
}

TEST(Addresses, OfVersionFourAreRead) {
  EXPECT_EQ(same(AF_INET, "192.0.2.1"), "192.0.2.1");
  for (const char* wrong :
       {"256.0.0.1", "1.2.3", "1.2.3.4.5", "01.2.3.4x", "", " 1.2.3.4", "1..2.3"})
    EXPECT_EQ(same(AF_INET, wrong), "no address") << wrong;
  in_addr address{};
  EXPECT_EQ(inet_aton("10.1", &address), 1); // the old forms
  EXPECT_STREQ(inet_ntoa(address), "10.0.0.1");
  EXPECT_EQ(inet_aton("0x7f.1", &address), 1);
  EXPECT_EQ(ntohl(address.s_addr), 0x7f000001U);
  EXPECT_EQ(inet_addr("no"), INADDR_NONE);
}

TEST(Addresses, OfVersionSixAreReadAndShortened) {
  EXPECT_EQ(same(AF_INET6, "2001:0db8:0000:0000:0000:0000:0000:0001"), "2001:db8::1");
  EXPECT_EQ(same(AF_INET6, "::"), "::");
  EXPECT_EQ(same(AF_INET6, "::1"), "::1");
  EXPECT_EQ(same(AF_INET6, "1:0:0:2:0:0:0:3"), "1:0:0:2::3");
  EXPECT_EQ(same(AF_INET6, "::ffff:192.0.2.1"), "::ffff:192.0.2.1");
  EXPECT_EQ(same(AF_INET6, "FE80::ABCD"), "fe80::abcd");
  for (const char* wrong : {":", "1::2::3", "1:2:3:4:5:6:7:8:9", "12345::", "::g", "1:2:3:4:5:6:7"})
    EXPECT_EQ(same(AF_INET6, wrong), "no address") << wrong;
}

TEST(Addresses, NeedRoomAndAFamily) {
  unsigned char bytes[16] = {};
  char small[4];
  EXPECT_EQ(inet_ntop(AF_INET, bytes, small, sizeof small), nullptr);
  EXPECT_EQ(errno, ENOSPC);
  EXPECT_EQ(inet_pton(AF_UNIX, "1.2.3.4", bytes), -1);
  EXPECT_EQ(errno, EAFNOSUPPORT);
}

TEST(Addresses, KnowTheirByteOrder) {
  EXPECT_EQ(htons(0x1234), 0x3412);
  EXPECT_EQ(htonl(0x12345678), 0x78563412U);
  EXPECT_EQ(ntohl(htonl(77)), 77U);
  EXPECT_TRUE(IN_CLASSD(0xe0000001U));
  in6_addr local{};
  inet_pton(AF_INET6, "fe80::1", &local);
  EXPECT_TRUE(IN6_IS_ADDR_LINKLOCAL(&local));
}

/// What getaddrinfo() says, as getnameinfo() writes it.
std::string resolved(const char* host, const char* service, int flags, int type = SOCK_STREAM) {
  addrinfo hints{};
  hints.ai_flags = flags;
  hints.ai_socktype = type;
  addrinfo* list = nullptr;
  const int status = getaddrinfo(host, service, &hints, &list);
  if (status != 0)
    return gai_strerror(status);
  char name[NI_MAXHOST];
  char number[NI_MAXSERV];
  const int named = getnameinfo(list->ai_addr, list->ai_addrlen, name, sizeof name, number,
                                sizeof number, NI_NUMERICHOST | NI_NUMERICSERV);
  freeaddrinfo(list);
  return named != 0 ? gai_strerror(named) : std::string(name) + " " + number;
}

// musl sorts by the address that a connected datagram socket tells as its own (RFC 6724).
TEST(Names, OfNumericHostsAreResolved) {
  EXPECT_EQ(resolved("192.0.2.7", "80", AI_NUMERICHOST | AI_NUMERICSERV), "192.0.2.7 80");
  EXPECT_EQ(resolved("2001:db8::7", "443", AI_NUMERICHOST), "2001:db8::7 443");
  EXPECT_EQ(resolved(nullptr, "7", AI_PASSIVE), "0.0.0.0 7");
  EXPECT_EQ(resolved(nullptr, "7", 0), "::1 7");
  EXPECT_EQ(resolved("name.example", "7", AI_NUMERICHOST), gai_strerror(EAI_NONAME));
  EXPECT_EQ(resolved("192.0.2.7", "http", AI_NUMERICSERV), gai_strerror(EAI_NONAME));
  EXPECT_EQ(resolved(nullptr, nullptr, 0), gai_strerror(EAI_NONAME));
  EXPECT_EQ(resolved("192.0.2.7", "80", 1 << 20), gai_strerror(EAI_BADFLAGS));
}

TEST(Names, OfThisMachineAreInItsFiles) {
  EXPECT_EQ(resolved("localhost", "7", 0), "::1 7");
}

TEST(Names, OfProtocolsAreKnown) {
  const protoent* tcp = getprotobyname("tcp");
  ASSERT_NE(tcp, nullptr);
  EXPECT_EQ(tcp->p_proto, IPPROTO_TCP);
  const protoent* udp = getprotobynumber(IPPROTO_UDP);
  ASSERT_NE(udp, nullptr);
  EXPECT_STREQ(udp->p_name, "udp");
  EXPECT_EQ(getprotobyname("no such protocol"), nullptr);
}

TEST(Names, OfInterfacesAreFound) {
  const unsigned index = if_nametoindex("lo");
  ASSERT_NE(index, 0U);
  char name[IF_NAMESIZE];
  EXPECT_STREQ(if_indextoname(index, name), "lo");
  EXPECT_EQ(if_nametoindex("none0"), 0U);
  EXPECT_EQ(errno, ENODEV);
  EXPECT_EQ(if_indextoname(4711, name), nullptr);
  EXPECT_EQ(errno, ENXIO);
  struct if_nameindex* list = if_nameindex();
  ASSERT_NE(list, nullptr);
  bool found = false;
  for (const struct if_nameindex* entry = list; entry->if_index != 0; ++entry)
    found |= std::strcmp(entry->if_name, "lo") == 0;
  EXPECT_TRUE(found);
  if_freenameindex(list);
}

TEST(Names, OfEthernetAreNumbers) {
  ether_addr address{};
  ASSERT_NE(ether_aton_r("52:54:0:12:34:5f", &address), nullptr);
  char text[32];
  EXPECT_STRCASEEQ(ether_ntoa_r(&address, text), "52:54:00:12:34:5F");
  EXPECT_EQ(ether_aton_r("52:54:0:12:34", &address), nullptr);
  EXPECT_EQ(ether_aton_r("52:54:0:12:34:1ff", &address), nullptr);
}

} // namespace
