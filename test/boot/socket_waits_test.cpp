// SPDX-License-Identifier: Apache-2.0
// How much must be there before a socket wakes who waits, and who is told of it.
#include "descriptor.hpp"
#include "system_call.hpp"

#include <array>
#include <cstring>
#include <ctime>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <thread>

namespace skerry::test {
namespace {

sockaddr_in bind_to_loopback(int socket) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  EXPECT_EQ(::bind(socket, reinterpret_cast<sockaddr*>(&address), size), 0);
  EXPECT_EQ(::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size), 0);
  return address;
}

void set(int socket, int level, int option, int value) {
  EXPECT_EQ(::setsockopt(socket, level, option, &value, sizeof value), 0);
}

bool is_readable(int socket, int milliseconds = 0) {
  pollfd watched{.fd = socket, .events = POLLIN, .revents = 0};
  return ::poll(&watched, 1, milliseconds) == 1;
}

struct Connection {
  Connection() {
    const Descriptor listener(::socket(AF_INET, SOCK_STREAM, 0));
    const sockaddr_in address = bind_to_loopback(listener);
    EXPECT_EQ(::listen(listener, 1), 0);
    EXPECT_EQ(::connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    server = ::accept(listener, nullptr, nullptr);
    EXPECT_GE(server, 0);
  }
  ~Connection() { ::close(server); }
  Descriptor client{::socket(AF_INET, SOCK_STREAM, 0)};
  int server = -1;
};

TEST(ReceiveLowWater, KeepsAReaderAsleepUntilEnoughIsThere) {
  const Connection pair;
  set(pair.server, SOL_SOCKET, SO_RCVLOWAT, 8);
  ASSERT_EQ(::send(pair.client, "abc", 3, 0), 3);
  EXPECT_FALSE(is_readable(pair.server, 50));
  std::array<char, 16> bytes{};
  EXPECT_EQ(::recv(pair.server, bytes.data(), 1, MSG_PEEK), 1) << "who asks gets what is there";
  std::thread writer([&] { EXPECT_EQ(::send(pair.client, "defghi", 6, 0), 6); });
  EXPECT_EQ(::recv(pair.server, bytes.data(), bytes.size(), 0), 9);
  writer.join();
  EXPECT_EQ(std::string_view(bytes.data(), 9), "abcdefghi");
  ASSERT_EQ(::send(pair.client, "jkl", 3, 0), 3);
  EXPECT_EQ(::recv(pair.server, bytes.data(), 3, 0), 3) << "all that the call has room for";
}

TEST(ReceiveLowWater, DoesNotHideTheEnd) {
  const Connection pair;
  set(pair.server, SOL_SOCKET, SO_RCVLOWAT, 100);
  ASSERT_EQ(::send(pair.client, "abc", 3, 0), 3);
  ASSERT_EQ(::shutdown(pair.client, SHUT_WR), 0);
  EXPECT_TRUE(is_readable(pair.server, 1000));
  std::array<char, 16> bytes{};
  EXPECT_EQ(::recv(pair.server, bytes.data(), bytes.size(), 0), 3);
  EXPECT_EQ(::recv(pair.server, bytes.data(), bytes.size(), 0), 0);
}

TEST(DeferredAccept, WaitsForTheFirstBytes) {
  const Descriptor listener(::socket(AF_INET, SOCK_STREAM, 0));
  const sockaddr_in address = bind_to_loopback(listener);
  set(listener, IPPROTO_TCP, TCP_DEFER_ACCEPT, 60);
  ASSERT_EQ(::listen(listener, 4), 0);
  const Descriptor silent(::socket(AF_INET, SOCK_STREAM, 0));
  const Descriptor client(::socket(AF_INET, SOCK_STREAM, 0));
  for (const int socket : {int{silent}, int{client}})
    ASSERT_EQ(::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  EXPECT_FALSE(is_readable(listener, 50));
  ASSERT_EQ(::send(client, "x", 1, 0), 1);
  const Descriptor server(::accept(listener, nullptr, nullptr));
  char byte = 0;
  EXPECT_EQ(::recv(server, &byte, 1, 0), 1);
  EXPECT_FALSE(is_readable(listener));
}

TEST(Timestamps, TellWhenADatagramCame) {
  for (const int option : {SO_TIMESTAMP, SO_TIMESTAMPNS}) {
    const Descriptor receiver(::socket(AF_INET, SOCK_DGRAM, 0));
    const Descriptor sender(::socket(AF_INET, SOCK_DGRAM, 0));
    const sockaddr_in address = bind_to_loopback(receiver);
    set(receiver, SOL_SOCKET, option, 1);
    timespec before{};
    ::clock_gettime(CLOCK_REALTIME, &before);
    ASSERT_EQ(
        ::sendto(sender, "x", 1, 0, reinterpret_cast<const sockaddr*>(&address), sizeof address),
        1);
    ASSERT_TRUE(is_readable(receiver, 1000));
    timespec after{};
    ::clock_gettime(CLOCK_REALTIME, &after);
    char byte = 0;
    iovec piece{.iov_base = &byte, .iov_len = 1};
    alignas(cmsghdr) std::array<char, 64> control{};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    ASSERT_EQ(::recvmsg(receiver, &message, 0), 1);
    const cmsghdr* header = CMSG_FIRSTHDR(&message);
    ASSERT_NE(header, nullptr);
    EXPECT_EQ(header->cmsg_level, SOL_SOCKET);
    EXPECT_EQ(header->cmsg_type, option);
    std::array<long, 2> told{};
    ASSERT_EQ(header->cmsg_len, CMSG_LEN(sizeof told));
    std::memcpy(told.data(), CMSG_DATA(header), sizeof told);
    const long unit = option == SO_TIMESTAMP ? 1000 : 1;
    const auto order = [](long seconds, long nanoseconds) {
      return seconds * 1'000'000'000 + nanoseconds;
    };
    const long when = order(told[0], told[1] * unit);
    EXPECT_GE(when + unit, order(before.tv_sec, before.tv_nsec));
    EXPECT_LE(when, order(after.tv_sec, after.tv_nsec));
  }
}

TEST(ConnectedDatagramSocket, KnowsTheAddressThatItsPeerSees) {
  const Descriptor receiver(::socket(AF_INET, SOCK_DGRAM, 0));
  const sockaddr_in address = bind_to_loopback(receiver);
  const Descriptor socket(::socket(AF_INET, SOCK_DGRAM, 0));
  ASSERT_EQ(::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  sockaddr_in own{};
  socklen_t size = sizeof own;
  ASSERT_EQ(::getsockname(socket, reinterpret_cast<sockaddr*>(&own), &size), 0);
  EXPECT_EQ(own.sin_addr.s_addr, htonl(INADDR_LOOPBACK));
  EXPECT_NE(own.sin_port, 0);
  const sockaddr nobody{.sa_family = AF_UNSPEC, .sa_data = {}};
  ASSERT_EQ(::connect(socket, &nobody, sizeof nobody), 0);
  size = sizeof own;
  ASSERT_EQ(::getsockname(socket, reinterpret_cast<sockaddr*>(&own), &size), 0);
  EXPECT_EQ(own.sin_addr.s_addr, htonl(INADDR_ANY));
}

} // namespace
} // namespace skerry::test
