// SPDX-License-Identifier: Apache-2.0
// Local sockets of type SOCK_STREAM and SOCK_SEQPACKET: connections.
#include "local_socket.hpp"

#include <csignal>
#include <fcntl.h>
#include <future>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/time.h>
#include <vector>

namespace skerry::test {
namespace {

using namespace std::string_view_literals;

/// A listener at an abstract name, and a connection to it.
class Connection {
public:
  explicit Connection(int type) : listener(local_socket(type)), client(local_socket(type)) {
    const LocalAddress address("\0connection"sv);
    EXPECT_EQ(bind_to(listener, address), Answer{});
    EXPECT_EQ(::listen(listener, 4), 0);
    EXPECT_EQ(connect_to(client, address), Answer{});
    server = ::accept(listener, nullptr, nullptr);
    EXPECT_GE(server, 0);
  }
  ~Connection() { ::close(server); }

  Descriptor listener;
  Descriptor client;
  int server = -1;
};

TEST(LocalStream, CarriesBytesBothWaysWithoutBorders) {
  const Pair pair(SOCK_STREAM);
  EXPECT_EQ(send_text(pair.one, "one "), (Answer{4, 0}));
  EXPECT_EQ(send_text(pair.one, "two"), (Answer{3, 0}));
  EXPECT_EQ(received(pair.other, 64, MSG_PEEK), "one two");
  EXPECT_EQ(received(pair.other, 5), "one t");
  EXPECT_EQ(received(pair.other), "wo");
  EXPECT_EQ(::write(pair.other, "back", 4), 4);
  EXPECT_EQ(received(pair.one), "back");
  EXPECT_EQ(received(pair.one), error_text(EAGAIN));
}

TEST(LocalStream, MovesMegabytesThroughItsLimit) {
  const Pair pair(SOCK_STREAM);
  constexpr std::size_t size = 4 << 20;
  auto total = std::async(std::launch::async, [&] {
    std::vector<unsigned char> block(9'999);
    std::size_t count = 0;
    for (ssize_t part = 0; (part = ::read(pair.other, block.data(), block.size())) > 0;)
      for (ssize_t i = 0; i < part; ++i, ++count)
        if (block[static_cast<std::size_t>(i)] != static_cast<unsigned char>(count * 7 >> 3U))
          return std::size_t{0};
    return count;
  });
  std::vector<unsigned char> bytes(size);
  for (std::size_t i = 0; i < size; ++i)
    bytes[i] = static_cast<unsigned char>(i * 7 >> 3U);
  EXPECT_EQ(::send(pair.one, bytes.data(), size, 0), static_cast<ssize_t>(size));
  EXPECT_EQ(::shutdown(pair.one, SHUT_WR), 0);
  EXPECT_EQ(total.get(), size);
}

TEST(LocalStream, TakesNoMoreThanItsLimit) {
  const Pair pair(SOCK_STREAM | SOCK_NONBLOCK);
  EXPECT_EQ(set_socket_option(pair.one, SO_SNDBUF, 10'000), Answer{});
  EXPECT_EQ(socket_option(pair.one, SO_SNDBUF), 20'000);
  EXPECT_EQ(set_socket_option(pair.one, SO_SNDBUF, 1), Answer{});
  EXPECT_EQ(socket_option(pair.one, SO_SNDBUF), 4'608);
  EXPECT_EQ(set_socket_option(pair.one, SO_RCVBUF, 1), Answer{});
  EXPECT_EQ(socket_option(pair.one, SO_RCVBUF), 2'304);
  std::size_t sent = 0;
  const std::string block(1000, 'x');
  while (send_text(pair.one, block).value == 1000)
    sent += block.size();
  EXPECT_EQ(errno, EAGAIN);
  EXPECT_GT(sent, 1000U);
  EXPECT_LE(sent, 8'000U);
  int waiting = 0;
  EXPECT_EQ(::ioctl(pair.other, FIONREAD, &waiting), 0);
  EXPECT_GE(static_cast<std::size_t>(waiting), sent);
}

TEST(LocalStream, EndsByHalves) {
  const Pair pair(SOCK_STREAM);
  EXPECT_EQ(send_text(pair.one, "last"), (Answer{4, 0}));
  EXPECT_EQ(::shutdown(pair.one, SHUT_WR), 0);
  EXPECT_EQ(received(pair.other), "last");
  EXPECT_EQ(received(pair.other), "");
  EXPECT_EQ(send_text(pair.other, "still"), (Answer{5, 0}));
  EXPECT_EQ(received(pair.one), "still");
  EXPECT_EQ(send_text(pair.one, "no"), refusal(EPIPE));
  EXPECT_EQ(::shutdown(pair.one, SHUT_RD), 0);
  EXPECT_EQ(send_text(pair.other, "no"), refusal(EPIPE));
  EXPECT_EQ(received(pair.one), "");
  EXPECT_EQ(answer_of([&] { return ::shutdown(pair.one, 3); }), refusal(EINVAL));
}

TEST(LocalStream, SaysWhatBecameOfThePeer) {
  for (const bool with_data_unread : {false, true}) {
    Pair pair(SOCK_STREAM);
    EXPECT_EQ(send_text(pair.other, "for one"), (Answer{7, 0}));
    if (with_data_unread)
      EXPECT_EQ(send_text(pair.one, "for other"), (Answer{9, 0}));
    pair.other.reset();
    EXPECT_EQ(send_text(pair.one, "x"), refusal(EPIPE));
    EXPECT_EQ(received(pair.one), "for one") << "what had come stays";
    EXPECT_EQ(received(pair.one), with_data_unread ? error_text(ECONNRESET) : "");
    EXPECT_EQ(received(pair.one), "") << "an error is told once";
    EXPECT_EQ(socket_option(pair.one, SO_ERROR), 0);
    LocalAddress peer;
    EXPECT_EQ(::getpeername(pair.one, peer.out(), &peer.size), 0) << "it had one";
    EXPECT_EQ(peer.size, 2U);
  }
}

int signals_seen = 0;

TEST(LocalStream, RaisesSigpipeUnlessAskedNotTo) {
  Pair pair(SOCK_STREAM);
  pair.other.reset();
  struct sigaction old{};
  struct sigaction action{};
  action.sa_handler = [](int) { ++signals_seen; };
  ASSERT_EQ(::sigaction(SIGPIPE, &action, &old), 0);
  signals_seen = 0;
  EXPECT_EQ(send_text(pair.one, "x", MSG_NOSIGNAL), refusal(EPIPE));
  EXPECT_EQ(signals_seen, 0);
  EXPECT_EQ(send_text(pair.one, "x", 0), refusal(EPIPE));
  EXPECT_EQ(signals_seen, 1);
  EXPECT_EQ(answer_of([&] { return ::write(pair.one, "x", 1); }), refusal(EPIPE));
  EXPECT_EQ(signals_seen, 2);
  const Descriptor file(::open("/etc/passwd", O_RDONLY));
  EXPECT_EQ(answer_of([&] { return ::sendfile(pair.one, file, nullptr, 1); }), refusal(EPIPE));
  EXPECT_EQ(signals_seen, 3);
  Pair packets(SOCK_SEQPACKET);
  packets.other.reset();
  EXPECT_EQ(send_text(packets.one, "x", 0), refusal(EPIPE));
  EXPECT_EQ(signals_seen, 3) << "streams alone";
  ASSERT_EQ(::sigaction(SIGPIPE, &old, nullptr), 0);
}

TEST(LocalStream, WaitsAsLongAsItIsToldTo) {
  const Pair pair(SOCK_STREAM);
  const timeval soon{.tv_sec = 0, .tv_usec = 5000};
  ASSERT_EQ(::setsockopt(pair.one, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof soon), 0);
  ASSERT_EQ(::setsockopt(pair.one, SOL_SOCKET, SO_SNDTIMEO, &soon, sizeof soon), 0);
  EXPECT_EQ(received(pair.one, 8, 0), error_text(EAGAIN));
  const std::string block(60'000, 'x');
  Answer answer;
  while ((answer = send_text(pair.one, block)).value > 0) {
  }
  EXPECT_EQ(answer, refusal(EAGAIN));
  EXPECT_EQ(send_text(pair.other, "abc"), (Answer{3, 0}));
  EXPECT_EQ(received(pair.one, 8, MSG_WAITALL), "abc") << "what came in time";
  auto all = std::async(std::launch::async, [&] {
    const timeval never{};
    ::setsockopt(pair.one, SOL_SOCKET, SO_RCVTIMEO, &never, sizeof never);
    return received(pair.one, 6, MSG_WAITALL);
  });
  for (const char letter : "abcdef"sv)
    EXPECT_EQ(send_text(pair.other, {&letter, 1}), (Answer{1, 0}));
  EXPECT_EQ(all.get(), "abcdef");
}

TEST(LocalStream, ServesConnections) {
  for (const int type : {SOCK_STREAM, SOCK_SEQPACKET}) {
    Connection connection(type);
    EXPECT_EQ(own_name(connection.server), "\0connection"sv);
    EXPECT_EQ(own_name(connection.client), "");
    LocalAddress peer;
    EXPECT_EQ(::getpeername(connection.client, peer.out(), &peer.size), 0);
    EXPECT_EQ(peer.name(), "\0connection"sv);
    EXPECT_EQ(socket_option(connection.listener, SO_ACCEPTCONN), 1);
    EXPECT_EQ(socket_option(connection.server, SO_ACCEPTCONN), 0);
    EXPECT_EQ(send_text(connection.client, "ping"), (Answer{4, 0}));
    EXPECT_EQ(received(connection.server), "ping");
    const LocalAddress again("\0connection"sv);
    EXPECT_EQ(connect_to(connection.client, again), refusal(EISCONN));
    EXPECT_EQ(connect_to(connection.listener, again), refusal(EINVAL));
    connection.listener.reset();
    const Descriptor late(local_socket(type));
    EXPECT_EQ(connect_to(late, again), refusal(ECONNREFUSED));
    EXPECT_EQ(send_text(connection.client, "pong"), (Answer{4, 0})) << "without the listener";
  }
}

TEST(LocalStream, RefusesWhatConnectionsCannotDo) {
  const Descriptor fresh(local_socket(SOCK_STREAM));
  EXPECT_EQ(answer_of([&] { return ::listen(fresh, 1); }), refusal(EINVAL)) << "has no name";
  EXPECT_EQ(answer_of([&] { return ::accept(fresh, nullptr, nullptr); }), refusal(EINVAL));
  EXPECT_EQ(send_text(fresh, "x"), refusal(ENOTCONN));
  EXPECT_EQ(received(fresh), error_text(EINVAL));
  EXPECT_EQ(::shutdown(fresh, SHUT_RDWR), 0);
  LocalAddress peer;
  EXPECT_EQ(answer_of([&] { return ::getpeername(fresh, peer.out(), &peer.size); }),
            refusal(ENOTCONN));
  const Descriptor packets(local_socket(SOCK_SEQPACKET));
  EXPECT_EQ(send_text(packets, "x"), refusal(ENOTCONN));
  EXPECT_EQ(received(packets), error_text(ENOTCONN));
  const Pair pair(SOCK_STREAM);
  const LocalAddress somewhere("\0somewhere"sv);
  const auto send_to = [&](int socket) {
    return answer_of([&] { return ::sendto(socket, "x", 1, 0, somewhere.in(), somewhere.size); });
  };
  EXPECT_EQ(send_to(pair.one), refusal(EISCONN));
  EXPECT_EQ(send_to(fresh), refusal(EOPNOTSUPP));
  EXPECT_EQ(answer_of([&] { return ::listen(pair.one, 1); }), refusal(EINVAL));
  EXPECT_EQ(answer_of([&] { return ::recv(pair.one, nullptr, 0, MSG_OOB); }).value, -1);
}

TEST(LocalStream, HoldsNoMoreConnectionsThanItsBacklog) {
  const LocalAddress address("\0backlog"sv);
  Descriptor listener(local_socket(SOCK_STREAM));
  ASSERT_EQ(bind_to(listener, address), Answer{});
  ASSERT_EQ(::listen(listener, 1), 0);
  const Descriptor first(local_socket(SOCK_STREAM));
  const Descriptor second(local_socket(SOCK_STREAM));
  const Descriptor third(local_socket(SOCK_STREAM | SOCK_NONBLOCK));
  EXPECT_EQ(connect_to(first, address), Answer{});
  EXPECT_EQ(connect_to(second, address), Answer{}) << "one more than the backlog";
  EXPECT_EQ(connect_to(third, address), refusal(EAGAIN));
  EXPECT_EQ(send_text(first, "early"), (Answer{5, 0})) << "before it was accepted";
  const Descriptor fourth(local_socket(SOCK_STREAM));
  auto blocked = std::async(std::launch::async, [&] { return connect_to(fourth, address); });
  const Descriptor server(::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  EXPECT_EQ(received(server), "early");
  EXPECT_EQ(::fcntl(server, F_GETFD), FD_CLOEXEC);
  EXPECT_NE(::fcntl(server, F_GETFL) & O_NONBLOCK, 0);
  EXPECT_EQ(blocked.get(), Answer{});
  listener.reset();
  EXPECT_EQ(received(second), error_text(ECONNRESET)) << "nobody accepted it";
  EXPECT_EQ(received(second), "");
}

TEST(LocalStream, StopsListeningWhenItIsShutDown) {
  const LocalAddress address("\0shut"sv);
  const Descriptor listener(local_socket(SOCK_STREAM));
  ASSERT_EQ(bind_to(listener, address), Answer{});
  ASSERT_EQ(::listen(listener, 1), 0);
  auto waiter = std::async(std::launch::async, [&] {
    return answer_of([&] { return ::accept(listener, nullptr, nullptr); });
  });
  EXPECT_EQ(::shutdown(listener, SHUT_RD), 0);
  EXPECT_EQ(waiter.get(), refusal(EINVAL));
  const Descriptor client(local_socket(SOCK_STREAM));
  EXPECT_EQ(connect_to(client, address), refusal(ECONNREFUSED));
}

} // namespace
} // namespace skerry::test
