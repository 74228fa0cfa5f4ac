// SPDX-License-Identifier: Apache-2.0
// Local sockets under poll and epoll.
#include "local_socket.hpp"

#include <cstdint>
#include <poll.h>
#include <sys/epoll.h>
#include <thread>

namespace skerry::test {
namespace {

using namespace std::string_view_literals;

constexpr int readable = POLLIN | POLLRDNORM;
constexpr int writable = POLLOUT | POLLWRNORM | POLLWRBAND;

int readiness(int socket) {
  pollfd entry{.fd = socket, .events = readable | writable | POLLRDHUP, .revents = 0};
  EXPECT_GE(::poll(&entry, 1, 0), 0);
  return entry.revents;
}

/// One socket in an epoll.
class Watch {
public:
  Watch(int socket, std::uint32_t events) {
    epoll_event event{.events = events, .data = {}};
    EXPECT_EQ(::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event), 0);
  }
  std::uint32_t look(int milliseconds = 0) {
    epoll_event found{};
    return ::epoll_wait(epoll_, &found, 1, milliseconds) == 1 ? found.events : 0;
  }

private:
  Descriptor epoll_{::epoll_create1(0)};
};

TEST(LocalPoll, TellsOfDataRoomAndTheEnd) {
  for (const int type : {SOCK_STREAM, SOCK_SEQPACKET}) {
    Pair pair(type);
    EXPECT_EQ(readiness(pair.one), writable);
    EXPECT_EQ(send_text(pair.other, "x"), (Answer{1, 0}));
    EXPECT_EQ(readiness(pair.one), readable | writable);
    EXPECT_EQ(received(pair.one), "x");
    EXPECT_EQ(::shutdown(pair.other, SHUT_WR), 0);
    EXPECT_EQ(readiness(pair.one), readable | writable | POLLRDHUP);
    EXPECT_EQ(readiness(pair.other), writable);
    EXPECT_EQ(send_text(pair.one, "unread"), (Answer{6, 0}));
    pair.other.reset();
    EXPECT_EQ(readiness(pair.one), readable | writable | POLLRDHUP | POLLHUP | POLLERR);
    EXPECT_EQ(received(pair.one), error_text(ECONNRESET));
    EXPECT_EQ(readiness(pair.one), readable | writable | POLLRDHUP | POLLHUP);
  }
}

TEST(LocalPoll, TellsOfConnections) {
  const LocalAddress address("\0poll"sv);
  const Descriptor listener(local_socket(SOCK_STREAM));
  EXPECT_EQ(readiness(listener), writable | POLLHUP) << "not connected";
  ASSERT_EQ(bind_to(listener, address), Answer{});
  ASSERT_EQ(::listen(listener, 1), 0);
  EXPECT_EQ(readiness(listener), 0);
  Watch watch(listener, EPOLLIN);
  EXPECT_EQ(watch.look(), 0U);
  std::thread client([&] {
    const Descriptor socket(local_socket(SOCK_STREAM));
    EXPECT_EQ(connect_to(socket, address), Answer{});
  });
  EXPECT_EQ(watch.look(-1), EPOLLIN);
  client.join();
  const Descriptor server(::accept(listener, nullptr, nullptr));
  EXPECT_EQ(watch.look(), 0U);
  EXPECT_EQ(readiness(server), readable | writable | POLLRDHUP | POLLHUP) << "it left at once";
  const Descriptor datagrams(local_socket(SOCK_DGRAM));
  EXPECT_EQ(readiness(datagrams), writable);
}

TEST(LocalPoll, TellsOfAReceiverThatIsFull) {
  const LocalAddress address("\0full"sv);
  const Descriptor server(local_socket(SOCK_DGRAM));
  const Descriptor client(local_socket(SOCK_DGRAM));
  ASSERT_EQ(bind_to(server, address), Answer{});
  ASSERT_EQ(connect_to(client, address), Answer{});
  while (send_text(client, "x", MSG_DONTWAIT).value == 1) {
  }
  EXPECT_EQ(readiness(client), 0);
  Watch watch(client, EPOLLOUT);
  EXPECT_EQ(watch.look(), 0U);
  std::thread reader([&] { EXPECT_EQ(received(server), "x"); });
  EXPECT_EQ(watch.look(-1), EPOLLOUT);
  reader.join();
  EXPECT_EQ(readiness(client), writable);
}

TEST(LocalEpoll, TellsEachMessageOnce) {
  const Pair pair(SOCK_STREAM);
  Watch watch(pair.one, EPOLLIN | EPOLLRDHUP | EPOLLET);
  EXPECT_EQ(watch.look(), 0U);
  EXPECT_EQ(send_text(pair.other, "one"), (Answer{3, 0}));
  EXPECT_EQ(watch.look(-1), EPOLLIN);
  EXPECT_EQ(watch.look(), 0U) << "an edge is told once";
  EXPECT_EQ(send_text(pair.other, "two"), (Answer{3, 0}));
  EXPECT_EQ(watch.look(-1), EPOLLIN) << "though the first was not read";
  EXPECT_EQ(received(pair.one, 4), "onet");
  EXPECT_EQ(watch.look(), 0U);
  EXPECT_EQ(::shutdown(pair.other, SHUT_WR), 0);
  EXPECT_EQ(watch.look(-1), EPOLLIN | EPOLLRDHUP);
}

TEST(LocalEpoll, TellsAnEdgeWhenRoomComesBack) {
  const Pair pair(SOCK_STREAM | SOCK_NONBLOCK);
  Watch watch(pair.one, EPOLLOUT | EPOLLET);
  EXPECT_EQ(watch.look(), EPOLLOUT);
  EXPECT_EQ(watch.look(), 0U);
  const std::string block(10'000, 'x');
  while (send_text(pair.one, block).value > 0) {
  }
  EXPECT_EQ(readiness(pair.one), 0);
  EXPECT_EQ(watch.look(), 0U);
  std::thread reader([&] {
    while (!received(pair.other, block.size()).starts_with("errno")) {
    }
  });
  EXPECT_EQ(watch.look(-1), EPOLLOUT);
  reader.join();
  EXPECT_EQ(readiness(pair.one), writable);
}

} // namespace
} // namespace skerry::test
