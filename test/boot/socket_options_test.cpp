// SPDX-License-Identifier: Apache-2.0
// What programs ask of TCP and UDP sockets: a table of what each option is answered here, and by
// Linux 6.18 where that differs. What cannot be done is refused as by a kernel without the feature.
#include "descriptor.hpp"
#include "system_call.hpp"

#include <net/if.h>

#include <array>
#include <cstring>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <vector>

namespace skerry::test {
namespace {

constexpr int refused = -1;

struct Row {
  const char* name;
  int level;
  int option;
  int value;
  int error;    ///< of setting it to `value`
  int then;     ///< what is told after that, or `refused`
  int by_linux; ///< errno of setting it there, as root
};

void check(int socket, const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    const int value = row.value;
    const Answer set = answer_of(
        [&] { return ::setsockopt(socket, row.level, row.option, &value, sizeof value); });
    EXPECT_EQ(set.error, row.error) << row.name;
    int told = 0;
    socklen_t size = sizeof told;
    const Answer got =
        answer_of([&] { return ::getsockopt(socket, row.level, row.option, &told, &size); });
    if (row.then == refused)
      EXPECT_EQ(got, refusal(ENOPROTOOPT)) << row.name;
    else
      EXPECT_EQ(told, row.then) << row.name << ", errno " << got.error;
  }
}

#define OPTION(level, name) #name, level, name

/// Of redis, nginx, curl, iperf3 and Asio, on either kind of socket.
const std::vector<Row> common = {
    {OPTION(SOL_SOCKET, SO_REUSEADDR), 1, 0, 1, 0},
    {OPTION(SOL_SOCKET, SO_KEEPALIVE), 1, 0, 1, 0},
    {OPTION(SOL_SOCKET, SO_BROADCAST), 1, 0, 1, 0},
    {OPTION(SOL_SOCKET, SO_SNDBUF), 20'000, 0, 40'000, 0},
    {OPTION(SOL_SOCKET, SO_SNDBUF), 1, 0, 4'608, 0},
    {OPTION(SOL_SOCKET, SO_RCVBUF), 20'000, 0, 40'000, 0},
    {OPTION(SOL_SOCKET, SO_REUSEPORT), 1, 0, 1, 0},
    {OPTION(SOL_SOCKET, SO_DEBUG), 1, ENOPROTOOPT, refused, 0},
    {OPTION(SOL_SOCKET, SO_DONTROUTE), 1, ENOPROTOOPT, refused, 0},
    {OPTION(SOL_SOCKET, SO_OOBINLINE), 1, 0, 1, 0},
    {OPTION(SOL_SOCKET, SO_OOBINLINE), 0, ENOPROTOOPT, 1, 0},
    {OPTION(SOL_SOCKET, SO_SNDLOWAT), 10, ENOPROTOOPT, 1, ENOPROTOOPT},
    {OPTION(SOL_SOCKET, SO_PRIORITY), 6, ENOPROTOOPT, refused, 0},
    {OPTION(SOL_SOCKET, SO_MARK), 7, ENOPROTOOPT, refused, 0},
    {OPTION(SOL_SOCKET, SO_INCOMING_CPU), 0, ENOPROTOOPT, refused, 0},
    {OPTION(SOL_SOCKET, SO_RXQ_OVFL), 1, ENOPROTOOPT, refused, 0},
    {OPTION(SOL_SOCKET, SO_BUSY_POLL), 50, ENOPROTOOPT, refused, 0},
    {OPTION(SOL_SOCKET, SO_MAX_PACING_RATE), 100'000, ENOPROTOOPT, refused, 0},
    {OPTION(SOL_SOCKET, SO_ZEROCOPY), 1, ENOPROTOOPT, refused, 0},
    {OPTION(IPPROTO_IP, IP_TTL), 33, 0, 33, 0},
    {OPTION(IPPROTO_IP, IP_TTL), 256, EINVAL, 33, EINVAL},
    {OPTION(IPPROTO_IP, IP_TOS), 0x10, 0, 0x10, 0},
    {OPTION(IPPROTO_IP, IP_MTU_DISCOVER), IP_PMTUDISC_DONT, 0, IP_PMTUDISC_DONT, 0},
    {OPTION(IPPROTO_IP, IP_MTU_DISCOVER), IP_PMTUDISC_DO, ENOPROTOOPT, IP_PMTUDISC_DONT, 0},
    {OPTION(IPPROTO_IP, IP_FREEBIND), 1, ENOPROTOOPT, refused, 0},
    {OPTION(IPPROTO_IP, IP_TRANSPARENT), 1, ENOPROTOOPT, refused, 0},
    {OPTION(IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT), 1, ENOPROTOOPT, refused, 0},
    {OPTION(IPPROTO_IP, IP_RECVERR), 1, ENOPROTOOPT, refused, 0},
    {OPTION(IPPROTO_IP, IP_RECVTTL), 1, ENOPROTOOPT, refused, 0},
    {OPTION(IPPROTO_IP, IP_RECVTOS), 1, ENOPROTOOPT, refused, 0},
};

TEST(SocketOptions, OfTcpDoWhatTheySayOrAreRefused) {
  const Descriptor socket(::socket(AF_INET, SOCK_STREAM, 0));
  check(socket, common);
  check(socket, {
                    {OPTION(SOL_SOCKET, SO_SNDBUF), 1'000'000, 0, 262'144, 0},
                    {OPTION(SOL_SOCKET, SO_RCVBUF), 1, 0, 16'384, 0},
                    {OPTION(IPPROTO_TCP, TCP_NODELAY), 1, 0, 1, 0},
                    {OPTION(IPPROTO_TCP, TCP_KEEPIDLE), 60, 0, 60, 0},
                    {OPTION(IPPROTO_TCP, TCP_KEEPINTVL), 10, 0, 10, 0},
                    {OPTION(IPPROTO_TCP, TCP_KEEPCNT), 5, 0, 5, 0},
                    {OPTION(IPPROTO_TCP, TCP_KEEPCNT), 0, EINVAL, 5, EINVAL},
                    {OPTION(IPPROTO_TCP, TCP_USER_TIMEOUT), 5'000, 0, 5'000, 0},
                    {OPTION(IPPROTO_TCP, TCP_USER_TIMEOUT), -1, EINVAL, 5'000, EINVAL},
                    {OPTION(IPPROTO_TCP, TCP_QUICKACK), 1, 0, 0, 0}, // Linux tells 1
                    {OPTION(IPPROTO_TCP, TCP_CORK), 1, 0, 1, 0},
                    {OPTION(IPPROTO_TCP, TCP_CORK), 0, 0, 0, 0},
                    {OPTION(IPPROTO_TCP, TCP_DEFER_ACCEPT), 1, 0, 1, 0},
                    {OPTION(IPPROTO_TCP, TCP_DEFER_ACCEPT), 5, 0, 7, 0},
                    {OPTION(IPPROTO_TCP, TCP_DEFER_ACCEPT), 0, 0, 0, 0},
                    {OPTION(SOL_SOCKET, SO_RCVLOWAT), 10, 0, 10, 0},
                    {OPTION(SOL_SOCKET, SO_RCVLOWAT), 0, 0, 1, 0},
                    {OPTION(SOL_SOCKET, SO_RCVLOWAT), -1, 0, 8'192, 0}, // half of SO_RCVBUF
                    {OPTION(SOL_SOCKET, SO_TIMESTAMP), 1, ENOPROTOOPT, refused, 0},
                    {OPTION(IPPROTO_TCP, TCP_FASTOPEN), 5, ENOPROTOOPT, refused, 0},
                    {OPTION(IPPROTO_TCP, TCP_INFO), 1, ENOPROTOOPT, TCP_CLOSE, ENOPROTOOPT},
                    {OPTION(IPPROTO_TCP, TCP_NOTSENT_LOWAT), 16'384, ENOPROTOOPT, refused, 0},
                    {OPTION(IPPROTO_IP, IP_PKTINFO), 1, ENOPROTOOPT, refused, 0},
                    {OPTION(IPPROTO_IP, IP_MULTICAST_TTL), 3, ENOPROTOOPT, refused, EINVAL},
                });
}

TEST(SocketOptions, OfUdpDoWhatTheySayOrAreRefused) {
  const Descriptor socket(::socket(AF_INET, SOCK_DGRAM, 0));
  check(socket, common);
  check(socket, {
                    {OPTION(IPPROTO_IP, IP_MULTICAST_LOOP), 0, 0, 0, 0},
                    {OPTION(IPPROTO_IP, IP_MULTICAST_LOOP), 1, 0, 1, 0},
                    {OPTION(IPPROTO_IP, IP_MULTICAST_TTL), 3, 0, 3, 0},
                    {OPTION(IPPROTO_IP, IP_MULTICAST_TTL), -1, 0, 1, 0},
                    {OPTION(IPPROTO_IP, IP_MULTICAST_TTL), 256, EINVAL, 1, EINVAL},
                    {OPTION(IPPROTO_IP, IP_PKTINFO), 1, 0, 1, 0},
                    {OPTION(SOL_SOCKET, SO_RCVLOWAT), 10, ENOPROTOOPT, refused, 0}, // no use there
                    {OPTION(SOL_SOCKET, SO_TIMESTAMPNS), 1, 0, 1, 0},
                    {OPTION(SOL_SOCKET, SO_TIMESTAMP), 1, 0, 1, 0},
                    {OPTION(SOL_SOCKET, SO_TIMESTAMPNS), 0, 0, 0, 0},
                    {OPTION(SOL_SOCKET, SO_TIMESTAMP), 0, 0, 0, 0},
                    {OPTION(IPPROTO_IPV6, IPV6_RECVPKTINFO), 1, ENOPROTOOPT, refused, ENOPROTOOPT},
                });
}

TEST(SocketOptions, OfIpv6DoWhatTheySayOrAreRefused) {
  const Descriptor socket(::socket(AF_INET6, SOCK_DGRAM, 0));
  check(socket, {
                    {OPTION(IPPROTO_IPV6, IPV6_V6ONLY), 1, 0, 1, 0},
                    {OPTION(IPPROTO_IPV6, IPV6_UNICAST_HOPS), 33, 0, 33, 0},
                    {OPTION(IPPROTO_IPV6, IPV6_TCLASS), 0x10, 0, 0x10, 0},
                    {OPTION(IPPROTO_IPV6, IPV6_MULTICAST_HOPS), 3, 0, 3, 0},
                    {OPTION(IPPROTO_IPV6, IPV6_MULTICAST_LOOP), 0, 0, 0, 0},
                    {OPTION(IPPROTO_IPV6, IPV6_MULTICAST_IF), 1, 0, 1, 0},
                    {OPTION(IPPROTO_IPV6, IPV6_MULTICAST_IF), 99, ENODEV, 1, ENODEV},
                    {OPTION(IPPROTO_IPV6, IPV6_RECVPKTINFO), 1, 0, 1, 0},
                    {OPTION(IPPROTO_IPV6, IPV6_MTU_DISCOVER), 2, ENOPROTOOPT, refused, 0},
                    {OPTION(IPPROTO_IPV6, IPV6_RECVHOPLIMIT), 1, ENOPROTOOPT, refused, 0},
                });
}

#undef OPTION

TEST(SocketOptions, TellTheOneCongestionControlThatThereIs) {
  const Descriptor socket(::socket(AF_INET, SOCK_STREAM, 0));
  std::array<char, 16> name{};
  socklen_t size = name.size();
  EXPECT_EQ(::setsockopt(socket, IPPROTO_TCP, TCP_CONGESTION, "reno", 4), 0);
  ASSERT_EQ(::getsockopt(socket, IPPROTO_TCP, TCP_CONGESTION, name.data(), &size), 0);
  EXPECT_EQ(size, 16U);
  EXPECT_STREQ(name.data(), "reno");
  EXPECT_EQ(
      answer_of([&] { return ::setsockopt(socket, IPPROTO_TCP, TCP_CONGESTION, "other", 5); }),
      refusal(ENOENT));
}

TEST(SocketOptions, BindToAnInterface) {
  for (const int type : {SOCK_STREAM, SOCK_DGRAM}) {
    const Descriptor socket(::socket(AF_INET, type, 0));
    std::array<char, IFNAMSIZ> name{};
    socklen_t size = name.size();
    ASSERT_EQ(::getsockopt(socket, SOL_SOCKET, SO_BINDTODEVICE, name.data(), &size), 0);
    EXPECT_EQ(size, 0U);
    EXPECT_EQ(::setsockopt(socket, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3), 0);
    size = name.size();
    ASSERT_EQ(::getsockopt(socket, SOL_SOCKET, SO_BINDTODEVICE, name.data(), &size), 0);
    EXPECT_EQ(size, 3U);
    EXPECT_STREQ(name.data(), "lo");
    EXPECT_EQ(
        answer_of([&] { return ::setsockopt(socket, SOL_SOCKET, SO_BINDTODEVICE, "none", 5); }),
        refusal(ENODEV));
    EXPECT_EQ(::setsockopt(socket, SOL_SOCKET, SO_BINDTODEVICE, "", 0), 0);
  }
}

TEST(SocketOptions, ThatLimitBuffersLetBytesThrough) {
  const Descriptor listener(::socket(AF_INET, SOCK_STREAM, 0));
  const Descriptor client(::socket(AF_INET, SOCK_STREAM, 0));
  const int least = 1;
  ASSERT_EQ(::setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &least, sizeof least), 0);
  ASSERT_EQ(::setsockopt(client, SOL_SOCKET, SO_SNDBUF, &least, sizeof least), 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(listener, 1), 0);
  ASSERT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
  ASSERT_EQ(::connect(client, reinterpret_cast<sockaddr*>(&address), size), 0);
  const Descriptor server(::accept(listener, nullptr, nullptr));
  constexpr std::size_t total = 2 << 20;
  std::thread writer([&] {
    const std::vector<char> bytes(total);
    EXPECT_EQ(::send(client, bytes.data(), total, 0), static_cast<ssize_t>(total));
    ::shutdown(client, SHUT_WR);
  });
  std::vector<char> part(10'000);
  std::size_t done = 0;
  for (ssize_t count = 0; (count = ::recv(server, part.data(), part.size(), 0)) > 0;)
    done += static_cast<std::size_t>(count);
  writer.join();
  EXPECT_EQ(done, total);
}

/// Receives one byte and tells what came beside it.
struct PacketInfo {
  explicit PacketInfo(int socket) {
    alignas(cmsghdr) std::array<char, 128> control{};
    char byte = 0;
    iovec piece{.iov_base = &byte, .iov_len = 1};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    EXPECT_EQ(::recvmsg(socket, &message, 0), 1);
    const cmsghdr* header = CMSG_FIRSTHDR(&message);
    if (header == nullptr)
      return;
    level = header->cmsg_level;
    type = header->cmsg_type;
    data.assign(control.data() + CMSG_LEN(0), header->cmsg_len - CMSG_LEN(0));
  }
  int level = -1;
  int type = -1;
  std::string data;
};

TEST(PacketInformation, ComesAndChoosesTheSource) {
  const Descriptor server(::socket(AF_INET, SOCK_DGRAM, 0));
  const Descriptor client(::socket(AF_INET, SOCK_DGRAM, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  ASSERT_EQ(::bind(server, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  socklen_t size = sizeof address;
  ASSERT_EQ(::getsockname(server, reinterpret_cast<sockaddr*>(&address), &size), 0);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::sendto(client, "x", 1, 0, reinterpret_cast<sockaddr*>(&address), size), 1);
  EXPECT_EQ(PacketInfo(server).level, -1) << "not asked for";
  const int on = 1;
  ASSERT_EQ(::setsockopt(server, IPPROTO_IP, IP_PKTINFO, &on, sizeof on), 0);
  EXPECT_EQ(::sendto(client, "x", 1, 0, reinterpret_cast<sockaddr*>(&address), size), 1);
  const PacketInfo info(server);
  EXPECT_EQ(info.level, IPPROTO_IP);
  EXPECT_EQ(info.type, IP_PKTINFO);
  in_pktinfo told{};
  ASSERT_EQ(info.data.size(), sizeof told);
  std::memcpy(&told, info.data.data(), sizeof told);
  EXPECT_GT(told.ipi_ifindex, 0);
  EXPECT_EQ(told.ipi_addr.s_addr, address.sin_addr.s_addr);
  EXPECT_EQ(told.ipi_spec_dst.s_addr, address.sin_addr.s_addr);

  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(in_pktinfo))> control{};
  char byte = 'y';
  iovec piece{.iov_base = &byte, .iov_len = 1};
  msghdr message{};
  message.msg_name = &address;
  message.msg_namelen = sizeof address;
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = IPPROTO_IP;
  header->cmsg_type = IP_PKTINFO;
  header->cmsg_len = CMSG_LEN(sizeof(in_pktinfo));
  in_pktinfo wanted{};
  wanted.ipi_spec_dst.s_addr = htonl(INADDR_LOOPBACK);
  std::memcpy(CMSG_DATA(header), &wanted, sizeof wanted);
  EXPECT_EQ(::sendmsg(client, &message, 0), 1);
  sockaddr_in from{};
  size = sizeof from;
  EXPECT_EQ(::recvfrom(server, &byte, 1, 0, reinterpret_cast<sockaddr*>(&from), &size), 1);
  EXPECT_EQ(from.sin_addr.s_addr, wanted.ipi_spec_dst.s_addr);
  wanted.ipi_spec_dst.s_addr = htonl(0x01020304);
  std::memcpy(CMSG_DATA(header), &wanted, sizeof wanted);
  EXPECT_EQ(answer_of([&] { return ::sendmsg(client, &message, 0); }), refusal(ENETUNREACH));
}

} // namespace
} // namespace skerry::test
