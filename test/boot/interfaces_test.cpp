// SPDX-License-Identifier: Apache-2.0
// What programs learn of the interfaces of the machine: getifaddrs(3), if_nameindex(3), ioctl and
// netlink. There is always a loopback interface; the others depend on the machine.
#include "descriptor.hpp"
#include "system_call.hpp"

#include <net/if.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <gtest/gtest.h>
#include <ifaddrs.h>
#include <map>
#include <memory>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <vector>

namespace skerry::test {
namespace {

ifreq named(const std::string& name) {
  ifreq request{};
  std::strncpy(request.ifr_name, name.c_str(), IFNAMSIZ - 1);
  return request;
}

std::uint32_t ipv4_of(const sockaddr& address) {
  sockaddr_in full{};
  std::memcpy(&full, &address, sizeof full);
  EXPECT_EQ(full.sin_family, AF_INET);
  return ntohl(full.sin_addr.s_addr);
}

std::map<std::string, unsigned> all_interfaces() {
  std::map<std::string, unsigned> found;
  struct if_nameindex* list = ::if_nameindex();
  EXPECT_NE(list, nullptr) << "errno " << errno;
  for (const struct if_nameindex* entry = list; entry != nullptr && entry->if_index != 0; ++entry)
    found.emplace(entry->if_name, entry->if_index);
  ::if_freenameindex(list);
  return found;
}

TEST(Interfaces, HaveNamesAndNumbers) {
  const auto interfaces = all_interfaces();
  ASSERT_TRUE(interfaces.contains("lo"));
  for (const auto& [name, index] : interfaces) {
    std::array<char, IF_NAMESIZE> text{};
    EXPECT_EQ(::if_nametoindex(name.c_str()), index);
    EXPECT_EQ(::if_indextoname(index, text.data()), text.data());
    EXPECT_EQ(text.data(), name);
  }
  EXPECT_EQ(answer_of([] { return ::if_nametoindex("none") == 0 ? -1 : 0; }), refusal(ENODEV));
  std::array<char, IF_NAMESIZE> text{};
  EXPECT_EQ(answer_of([&] { return ::if_indextoname(99, text.data()) == nullptr ? -1 : 0; }),
            refusal(ENXIO));
}

TEST(Interfaces, TellTheirAddresses) {
  ifaddrs* list = nullptr;
  ASSERT_EQ(::getifaddrs(&list), 0) << "errno " << errno;
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(list, ::freeifaddrs);
  const Descriptor socket(::socket(AF_INET, SOCK_DGRAM, 0));
  bool found_loopback = false;
  for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
    EXPECT_NE(::if_nametoindex(entry->ifa_name), 0U) << entry->ifa_name;
    if (entry->ifa_addr == nullptr || entry->ifa_addr->sa_family != AF_INET)
      continue;
    ifreq request = named(entry->ifa_name);
    ASSERT_EQ(::ioctl(socket, SIOCGIFADDR, &request), 0);
    EXPECT_EQ(ipv4_of(request.ifr_addr), ipv4_of(*entry->ifa_addr));
    ASSERT_EQ(::ioctl(socket, SIOCGIFNETMASK, &request), 0);
    EXPECT_EQ(ipv4_of(request.ifr_netmask), ipv4_of(*entry->ifa_netmask));
    if (std::string(entry->ifa_name) == "lo") {
      found_loopback = true;
      EXPECT_EQ(ipv4_of(*entry->ifa_addr), INADDR_LOOPBACK);
      EXPECT_EQ(ipv4_of(*entry->ifa_netmask), 0xff00'0000U);
      EXPECT_NE(entry->ifa_flags & IFF_LOOPBACK, 0U);
    }
  }
  EXPECT_TRUE(found_loopback);
}

TEST(Interfaces, AnswerRequestsOnAnySocket) {
  for (const int family : {AF_INET, AF_UNIX}) {
    const Descriptor socket(::socket(family, SOCK_DGRAM, 0));
    for (const auto& [name, index] : all_interfaces()) {
      ifreq request = named(name);
      ASSERT_EQ(::ioctl(socket, SIOCGIFINDEX, &request), 0);
      EXPECT_EQ(static_cast<unsigned>(request.ifr_ifindex), index);
      ASSERT_EQ(::ioctl(socket, SIOCGIFFLAGS, &request), 0);
      EXPECT_NE(request.ifr_flags & IFF_UP, 0) << name;
      EXPECT_EQ((request.ifr_flags & IFF_LOOPBACK) != 0, name == "lo");
      ASSERT_EQ(::ioctl(socket, SIOCGIFMTU, &request), 0);
      EXPECT_GE(request.ifr_mtu, 1280) << name;
      ASSERT_EQ(::ioctl(socket, SIOCGIFHWADDR, &request), 0);
      EXPECT_EQ(request.ifr_hwaddr.sa_family, name == "lo" ? 772 : 1);
    }
    ifreq nobody = named("none");
    EXPECT_EQ(answer_of([&] { return ::ioctl(socket, SIOCGIFFLAGS, &nobody); }), refusal(ENODEV));
    EXPECT_EQ(answer_of([&] { return ::ioctl(socket, SIOCGIFFLAGS, nullptr); }), refusal(EFAULT));
    EXPECT_EQ(answer_of([&] { return ::ioctl(socket, 0x89f0, &nobody); }).value, -1);
  }
}

TEST(Interfaces, AreListedAsFarAsThereIsRoom) {
  const Descriptor socket(::socket(AF_INET, SOCK_DGRAM, 0));
  ifconf list{};
  ASSERT_EQ(::ioctl(socket, SIOCGIFCONF, &list), 0);
  ASSERT_GE(list.ifc_len, static_cast<int>(sizeof(ifreq)));
  std::vector<ifreq> entries(static_cast<std::size_t>(list.ifc_len) / sizeof(ifreq));
  list.ifc_req = entries.data();
  ASSERT_EQ(::ioctl(socket, SIOCGIFCONF, &list), 0);
  EXPECT_EQ(static_cast<std::size_t>(list.ifc_len), entries.size() * sizeof(ifreq));
  EXPECT_STREQ(entries[0].ifr_name, "lo");
  EXPECT_EQ(ipv4_of(entries[0].ifr_addr), INADDR_LOOPBACK);
  list.ifc_len = sizeof(ifreq) - 1;
  ASSERT_EQ(::ioctl(socket, SIOCGIFCONF, &list), 0);
  EXPECT_EQ(list.ifc_len, 0);
}

constexpr int netlink_route = 0;

struct Request { ///< nlmsghdr and rtgenmsg
  std::uint32_t size_bytes = sizeof(Request);
  std::uint16_t type = 18; // RTM_GETLINK
  std::uint16_t flags = 0;
  std::uint32_t sequence = 7;
  std::uint32_t port = 0;
  std::uint32_t family = 0;
};

struct Failure { ///< nlmsghdr and nlmsgerr
  std::uint32_t size_bytes = 0;
  std::uint16_t type = 0;
  std::uint16_t flags = 0;
  std::uint32_t sequence = 0;
  std::uint32_t port = 0;
  std::int32_t error = 0;
  std::array<std::uint32_t, 4> answered{};
};

TEST(Netlink, RefusesWhatItDoesNotKnow) {
  const Descriptor socket(::socket(AF_NETLINK, SOCK_RAW, netlink_route));
  Request request;
  request.type = 16; // RTM_NEWLINK
  request.flags = 1;
  ASSERT_EQ(::send(socket, &request, sizeof request, 0), static_cast<ssize_t>(sizeof request));
  Failure failure;
  ASSERT_EQ(::recv(socket, &failure, sizeof failure, 0), static_cast<ssize_t>(sizeof failure));
  EXPECT_EQ(failure.type, 2);
  EXPECT_EQ(failure.sequence, 7U);
  EXPECT_EQ(failure.error, -EOPNOTSUPP);
  EXPECT_EQ(failure.answered[0], sizeof request);
  EXPECT_EQ(answer_of([&] { return ::recv(socket, &failure, sizeof failure, MSG_DONTWAIT); }),
            refusal(EAGAIN));
  EXPECT_EQ(answer_of([] { return ::socket(AF_NETLINK, SOCK_STREAM, netlink_route); }),
            refusal(ESOCKTNOSUPPORT));
  EXPECT_EQ(answer_of([] { return ::socket(AF_NETLINK, SOCK_RAW, 15); }), refusal(EPROTONOSUPPORT));
}

TEST(Netlink, CutsListsBetweenMessages) {
  const Descriptor socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, netlink_route));
  Request request;
  request.flags = 0x301; // NLM_F_REQUEST | NLM_F_DUMP
  pollfd entry{.fd = socket, .events = POLLIN, .revents = 0};
  EXPECT_EQ(::poll(&entry, 1, 0), 0);
  ASSERT_EQ(::send(socket, &request, sizeof request, 0), static_cast<ssize_t>(sizeof request));
  EXPECT_EQ(::poll(&entry, 1, 0), 1);
  std::array<std::uint32_t, 40> room{}; // for one message, and not for all
  std::vector<unsigned> types;
  const std::size_t wanted = all_interfaces().size();
  for (ssize_t size = 0; (size = ::recv(socket, room.data(), sizeof room, MSG_DONTWAIT)) > 0;)
    for (std::size_t at = 0; at < static_cast<std::size_t>(size) / 4; at += (room[at] + 3) / 4) {
      ASSERT_LE(at * 4 + room[at], static_cast<std::size_t>(size)) << "whole";
      types.push_back(room[at + 1] & 0xffff);
    }
  ASSERT_EQ(types.size(), wanted + 1);
  EXPECT_EQ(types.front(), 16U);
  EXPECT_EQ(types.back(), 3U) << "NLMSG_DONE";
}

} // namespace
} // namespace skerry::test
