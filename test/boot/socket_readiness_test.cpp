// SPDX-License-Identifier: Apache-2.0
// Sockets under select and epoll, over the loopback interface of the image itself.
#include "descriptor.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

int bound(int type) {
  const int number = socket(AF_INET, type, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(bind(number, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  return number;
}

int connect_to(int server, int type) {
  const int number = socket(AF_INET, type, 0);
  sockaddr_in address{};
  socklen_t size = sizeof address;
  EXPECT_EQ(getsockname(server, reinterpret_cast<sockaddr*>(&address), &size), 0);
  EXPECT_EQ(connect(number, reinterpret_cast<const sockaddr*>(&address), size), 0);
  return number;
}

class Epoll {
public:
  void add(int file, std::uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.fd = file;
    EXPECT_EQ(epoll_ctl(epoll_, EPOLL_CTL_ADD, file, &event), 0);
  }
  /// What is found for `file`; 0 when it is not among what is ready now.
  std::uint32_t look(int file, int milliseconds = 0) {
    std::array<epoll_event, 8> found{};
    const int count = epoll_wait(epoll_, found.data(), found.size(), milliseconds);
    for (int i = 0; i < count; ++i)
      if (found[static_cast<std::size_t>(i)].data.fd == file)
        return found[static_cast<std::size_t>(i)].events;
    return 0;
  }

private:
  Descriptor epoll_{epoll_create1(0)};
};

TEST(SocketEpoll, TellsOfConnectionsDataAndTheirEnd) {
  const Descriptor listener(bound(SOCK_STREAM));
  ASSERT_EQ(listen(listener, 8), 0);
  Epoll epoll;
  epoll.add(listener, EPOLLIN);
  EXPECT_EQ(epoll.look(listener), 0U);
  Descriptor client(connect_to(listener, SOCK_STREAM));
  EXPECT_EQ(epoll.look(listener, -1), EPOLLIN);
  const Descriptor server(accept(listener, nullptr, nullptr));
  EXPECT_EQ(epoll.look(listener), 0U);
  epoll.add(server, EPOLLIN | EPOLLOUT | EPOLLRDHUP);
  EXPECT_EQ(epoll.look(server), EPOLLOUT);
  EXPECT_EQ(send(client, "ping", 4, 0), 4);
  EXPECT_EQ(epoll.look(server, -1), EPOLLIN | EPOLLOUT);
  char text[8];
  EXPECT_EQ(recv(server, text, sizeof text, 0), 4);
  EXPECT_EQ(epoll.look(server), EPOLLOUT);
  EXPECT_EQ(shutdown(client, SHUT_WR), 0);
  while ((epoll.look(server, -1) & EPOLLRDHUP) == 0) {
  }
  EXPECT_EQ(recv(server, text, sizeof text, 0), 0);
  client.reset();
}

TEST(SocketEpoll, TellsAnEdgeWhenRoomComesBack) {
  const Descriptor listener(bound(SOCK_STREAM));
  ASSERT_EQ(listen(listener, 8), 0);
  const Descriptor client(connect_to(listener, SOCK_STREAM));
  const Descriptor server(accept(listener, nullptr, nullptr));
  Epoll epoll;
  epoll.add(client, EPOLLOUT | EPOLLET);
  EXPECT_EQ(epoll.look(client), EPOLLOUT);
  EXPECT_EQ(epoll.look(client), 0U);
  const std::vector<char> block(64 * 1024);
  std::size_t sent = 0;
  for (ssize_t count = 0; (count = send(client, block.data(), block.size(), MSG_DONTWAIT)) > 0;)
    sent += static_cast<std::size_t>(count);
  EXPECT_EQ(errno, EAGAIN);
  std::thread reader([&] {
    std::vector<char> received(block.size());
    for (std::size_t left = sent; left != 0;) {
      const ssize_t count = recv(server, received.data(), received.size(), 0);
      ASSERT_GT(count, 0);
      left -= static_cast<std::size_t>(count);
    }
  });
  EXPECT_EQ(epoll.look(client, -1), EPOLLOUT);
  reader.join();
}

TEST(SocketEpoll, TellsOfDatagramsToOneOfSeveralWaiters) {
  const Descriptor server(bound(SOCK_DGRAM));
  const Descriptor client(connect_to(server, SOCK_DGRAM));
  Epoll epoll;
  epoll.add(server, EPOLLIN);
  std::thread waiter([&] {
    EXPECT_EQ(epoll.look(server, -1), EPOLLIN);
    char text[8];
    EXPECT_EQ(recv(server, text, sizeof text, 0), 3);
  });
  EXPECT_EQ(send(client, "one", 3, 0), 3);
  waiter.join();
  EXPECT_EQ(epoll.look(server), 0U);
}

TEST(SocketSelect, FindsWhatIsReadyAmongSeveral) {
  const Descriptor listener(bound(SOCK_STREAM));
  ASSERT_EQ(listen(listener, 8), 0);
  const Descriptor client(connect_to(listener, SOCK_STREAM));
  const Descriptor server(accept(listener, nullptr, nullptr));
  const Descriptor datagrams(bound(SOCK_DGRAM));
  fd_set readable;
  fd_set writable;
  const auto wait = [&](timeval timeout) {
    FD_ZERO(&readable);
    FD_ZERO(&writable);
    FD_SET(listener, &readable);
    FD_SET(server, &readable);
    FD_SET(datagrams, &readable);
    FD_SET(client, &writable);
    return select(datagrams + 1, &readable, &writable, nullptr, &timeout);
  };
  EXPECT_EQ(wait({0, 0}), 1);
  EXPECT_TRUE(FD_ISSET(client, &writable));
  EXPECT_EQ(send(client, "x", 1, 0), 1);
  const Descriptor sender(connect_to(datagrams, SOCK_DGRAM));
  EXPECT_EQ(send(sender, "y", 1, 0), 1);
  const Descriptor second(connect_to(listener, SOCK_STREAM));
  while (wait({60, 0}) < 4) {
  }
  EXPECT_TRUE(FD_ISSET(listener, &readable));
  EXPECT_TRUE(FD_ISSET(server, &readable));
  EXPECT_TRUE(FD_ISSET(datagrams, &readable));
  EXPECT_TRUE(FD_ISSET(client, &writable));
}

} // namespace
