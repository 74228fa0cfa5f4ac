// SPDX-License-Identifier: Apache-2.0
// Sockets over the loopback interface of the image itself.
#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <future>
#include <gtest/gtest.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
#include <vector>

namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

const sockaddr* generic(const sockaddr_in& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

std::uint16_t port_of(int socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  EXPECT_EQ(getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size), 0);
  return ntohs(address.sin_port);
}

int listen_somewhere() {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in any = loopback(0);
  EXPECT_EQ(bind(listener, generic(any), sizeof any), 0);
  EXPECT_EQ(listen(listener, 8), 0);
  return listener;
}

/// Both ends of a connection.
struct Connection {
  Connection() {
    const int listener = listen_somewhere();
    client = socket(AF_INET, SOCK_STREAM, 0);
    const sockaddr_in to = loopback(port_of(listener));
    EXPECT_EQ(connect(client, generic(to), sizeof to), 0);
    server = accept(listener, nullptr, nullptr);
    EXPECT_GE(server, 0);
    close(listener);
  }
  ~Connection() {
    close(client);
    close(server);
  }
  int client = -1;
  int server = -1;
};

TEST(Tcp, CarriesBytesBothWaysAndEnds) {
  Connection pair;
  char buffer[16] = {};
  EXPECT_EQ(send(pair.client, "ping", 4, 0), 4);
  EXPECT_EQ(recv(pair.server, buffer, sizeof buffer, 0), 4);
  EXPECT_EQ(write(pair.server, "pong!", 5), 5);
  EXPECT_EQ(recv(pair.client, buffer, sizeof buffer, MSG_PEEK), 5);
  EXPECT_EQ(read(pair.client, buffer, 2), 2);
  EXPECT_EQ(recv(pair.client, buffer, sizeof buffer, 0), 3);
  EXPECT_EQ(std::string(buffer, 3), "ng!");
  EXPECT_EQ(shutdown(pair.client, SHUT_WR), 0);
  EXPECT_EQ(recv(pair.server, buffer, sizeof buffer, 0), 0);
  EXPECT_EQ(send(pair.client, "x", 1, MSG_NOSIGNAL), -1);
  EXPECT_EQ(errno, EPIPE);
}

TEST(Tcp, MovesMegabytesThroughSmallBuffers) {
  Connection pair;
  constexpr std::size_t size = 8 << 20;
  auto sum = std::async(std::launch::async, [&] {
    std::vector<unsigned char> block(9'999);
    std::size_t total = 0;
    unsigned long sum = 0;
    for (ssize_t count = 0; (count = recv(pair.server, block.data(), block.size(), 0)) > 0;) {
      for (ssize_t i = 0; i < count; ++i) {
        sum += block[static_cast<std::size_t>(i)] * (total++ % 251 + 1);
      }
    }
    EXPECT_EQ(total, size);
    return sum;
  });
  std::vector<unsigned char> block(65'536);
  unsigned long expected = 0;
  for (std::size_t sent = 0; sent < size; sent += block.size()) {
    for (std::size_t i = 0; i < block.size(); ++i) {
      block[i] = static_cast<unsigned char>((sent + i) * 7 >> 2U);
      expected += block[i] * ((sent + i) % 251 + 1);
    }
    ASSERT_EQ(send(pair.client, block.data(), block.size(), 0), static_cast<ssize_t>(block.size()));
  }
  shutdown(pair.client, SHUT_WR);
  EXPECT_EQ(sum.get(), expected);
}

TEST(Tcp, WaitsForAllOrForNothing) {
  Connection pair;
  char buffer[10];
  EXPECT_EQ(recv(pair.server, buffer, sizeof buffer, MSG_DONTWAIT), -1);
  EXPECT_EQ(errno, EAGAIN);
  const timeval soon{.tv_sec = 0, .tv_usec = 5000};
  EXPECT_EQ(setsockopt(pair.server, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof soon), 0);
  EXPECT_EQ(recv(pair.server, buffer, sizeof buffer, 0), -1);
  EXPECT_EQ(errno, EAGAIN);
  auto all = std::async(std::launch::async, [&] {
    const timeval never{};
    setsockopt(pair.server, SOL_SOCKET, SO_RCVTIMEO, &never, sizeof never);
    return recv(pair.server, buffer, sizeof buffer, MSG_WAITALL);
  });
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(send(pair.client, "x", 1, 0), 1);
  }
  EXPECT_EQ(all.get(), 10);
}

TEST(Tcp, RefusedConnectionsSaySo) {
  const int listener = listen_somewhere();
  const sockaddr_in nobody = loopback(port_of(listener));
  close(listener);
  const int client = socket(AF_INET, SOCK_STREAM, 0);
  EXPECT_EQ(connect(client, generic(nobody), sizeof nobody), -1);
  EXPECT_EQ(errno, ECONNREFUSED);
  close(client);
}

TEST(Tcp, ConnectsWithoutWaiting) {
  const int listener = listen_somewhere();
  const int client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  const sockaddr_in to = loopback(port_of(listener));
  const int result = connect(client, generic(to), sizeof to);
  EXPECT_TRUE(result == 0 || errno == EINPROGRESS);
  pollfd entry{client, POLLOUT, 0};
  EXPECT_EQ(poll(&entry, 1, -1), 1);
  int error = -1;
  socklen_t size = sizeof error;
  EXPECT_EQ(getsockopt(client, SOL_SOCKET, SO_ERROR, &error, &size), 0);
  EXPECT_EQ(error, 0);
  close(client);
  close(listener);
}

TEST(Tcp, UnreadDataAnswersACloseWithAReset) {
  Connection pair;
  EXPECT_EQ(send(pair.client, "unread", 6, 0), 6);
  close(pair.server);
  pair.server = -1;
  char byte = 0;
  EXPECT_EQ(recv(pair.client, &byte, 1, 0), -1);
  EXPECT_EQ(errno, ECONNRESET);
}

TEST(Tcp, AddressesInUseAreRefused) {
  const int first = listen_somewhere();
  const int second = socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in taken = loopback(port_of(first));
  EXPECT_EQ(bind(second, generic(taken), sizeof taken), -1);
  EXPECT_EQ(errno, EADDRINUSE);
  sockaddr_in foreign = loopback(1);
  foreign.sin_addr.s_addr = htonl(0x01020304);
  EXPECT_EQ(bind(second, generic(foreign), sizeof foreign), -1);
  EXPECT_EQ(errno, EADDRNOTAVAIL);
  close(first);
  close(second);
}

TEST(Tcp, OptionsAreWhatTheyWereSetTo) {
  Connection pair;
  const int on = 1;
  int value = 0;
  socklen_t size = sizeof value;
  for (const auto [level, name] : {std::pair{IPPROTO_TCP, TCP_NODELAY},
                                   {SOL_SOCKET, SO_KEEPALIVE},
                                   {SOL_SOCKET, SO_REUSEADDR}}) {
    EXPECT_EQ(setsockopt(pair.client, level, name, &on, sizeof on), 0);
    EXPECT_EQ(getsockopt(pair.client, level, name, &value, &size), 0);
    EXPECT_EQ(value, 1);
  }
  EXPECT_EQ(getsockopt(pair.client, SOL_SOCKET, SO_TYPE, &value, &size), 0);
  EXPECT_EQ(value, SOCK_STREAM);
  EXPECT_EQ(setsockopt(pair.client, IPPROTO_TCP, 9999, &on, sizeof on), -1);
  EXPECT_EQ(errno, ENOPROTOOPT);
}

TEST(Udp, KeepsDatagramsApart) {
  const int receiver = socket(AF_INET, SOCK_DGRAM, 0);
  const sockaddr_in any = loopback(0);
  ASSERT_EQ(bind(receiver, generic(any), sizeof any), 0);
  const sockaddr_in to = loopback(port_of(receiver));
  const int sender = socket(AF_INET, SOCK_DGRAM, 0);
  ASSERT_EQ(connect(sender, generic(to), sizeof to), 0);
  EXPECT_EQ(send(sender, "first", 5, 0), 5);
  EXPECT_EQ(send(sender, "", 0, 0), 0);
  EXPECT_EQ(send(sender, "second", 6, 0), 6);
  char buffer[16];
  sockaddr_in from{};
  socklen_t size = sizeof from;
  EXPECT_EQ(recvfrom(receiver, buffer, 3, MSG_TRUNC, reinterpret_cast<sockaddr*>(&from), &size), 5);
  EXPECT_EQ(ntohs(from.sin_port), port_of(sender));
  EXPECT_EQ(recv(receiver, buffer, sizeof buffer, 0), 0);
  iovec pieces[] = {{buffer, 2}, {buffer + 8, 8}};
  msghdr message{};
  message.msg_iov = pieces;
  message.msg_iovlen = 2;
  EXPECT_EQ(recvmsg(receiver, &message, 0), 6);
  EXPECT_EQ(std::string(buffer, 2) + std::string(buffer + 8, 4), "second");
  EXPECT_EQ(recv(receiver, buffer, sizeof buffer, MSG_DONTWAIT), -1);
  EXPECT_EQ(errno, EAGAIN);
  close(receiver);
  close(sender);
}

TEST(Udp, LivesOnIpv6AndTakesIpv4There) {
  const int receiver = socket(AF_INET6, SOCK_DGRAM, 0);
  sockaddr_in6 any{};
  any.sin6_family = AF_INET6;
  ASSERT_EQ(bind(receiver, reinterpret_cast<const sockaddr*>(&any), sizeof any), 0);
  socklen_t size = sizeof any;
  ASSERT_EQ(getsockname(receiver, reinterpret_cast<sockaddr*>(&any), &size), 0);
  const int sender = socket(AF_INET, SOCK_DGRAM, 0);
  const sockaddr_in to = loopback(ntohs(any.sin6_port));
  EXPECT_EQ(sendto(sender, "four", 4, 0, generic(to), sizeof to), 4);
  char buffer[16];
  sockaddr_in6 from{};
  size = sizeof from;
  EXPECT_EQ(recvfrom(receiver, buffer, sizeof buffer, 0, reinterpret_cast<sockaddr*>(&from), &size),
            4);
  char text[INET6_ADDRSTRLEN];
  EXPECT_STREQ(inet_ntop(AF_INET6, &from.sin6_addr, text, sizeof text), "::ffff:127.0.0.1");
  close(receiver);
  close(sender);
}

TEST(Sockets, ThatAreNoneAreRefused) {
  EXPECT_EQ(socket(AF_PACKET, SOCK_RAW, 0), -1);
  EXPECT_EQ(errno, EAFNOSUPPORT);
  EXPECT_EQ(socket(AF_INET, SOCK_RAW, 1), -1);
  EXPECT_EQ(errno, EPROTONOSUPPORT);
  EXPECT_EQ(listen(1, 1), -1);
  EXPECT_EQ(errno, ENOTSOCK);
  const int fresh = socket(AF_INET, SOCK_STREAM, 0);
  EXPECT_EQ(connect(fresh, reinterpret_cast<const sockaddr*>(8), 16), -1);
  EXPECT_EQ(errno, EFAULT);
  EXPECT_EQ(send(fresh, "x", 1, MSG_NOSIGNAL), -1);
  EXPECT_EQ(errno, EPIPE);
  close(fresh);
}

} // namespace
