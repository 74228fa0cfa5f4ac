// SPDX-License-Identifier: Apache-2.0
// What options of TCP do to a connection: corks, what a listener hands on, what TCP_INFO tells.
#include "descriptor.hpp"
#include "system_call.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <thread>
#include <vector>

namespace skerry::test {
namespace {

/// Two ends of a TCP connection over the loopback.
struct Connection {
  Connection() {
    const Descriptor listener(::socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(listener, 1), 0);
    EXPECT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
    EXPECT_EQ(::connect(client, reinterpret_cast<sockaddr*>(&address), size), 0);
    accepted.emplace(::accept(listener, nullptr, nullptr));
  }

  /// What has come to the server. The loopback delivers before a call returns.
  [[nodiscard]] int arrived() const {
    int size = -1;
    EXPECT_EQ(::ioctl(server(), FIONREAD, &size), 0);
    return size;
  }

  /// Otherwise what is not acknowledged yet keeps small segments back too.
  void disable_nagle() const {
    const int on = 1;
    EXPECT_EQ(::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), 0);
  }

  void cork(int value) const {
    EXPECT_EQ(::setsockopt(client, IPPROTO_TCP, TCP_CORK, &value, sizeof value), 0);
  }

  [[nodiscard]] int server() const { return *accepted; }

  Descriptor client{::socket(AF_INET, SOCK_STREAM, 0)};
  std::optional<Descriptor> accepted;
};

int option_of(int socket, int name) {
  int value = -1;
  socklen_t size = sizeof value;
  EXPECT_EQ(::getsockopt(socket, IPPROTO_TCP, name, &value, &size), 0);
  return value;
}

TEST(Listener, HandsItsOptionsOn) {
  const Descriptor listener(::socket(AF_INET, SOCK_STREAM, 0));
  const Descriptor client(::socket(AF_INET, SOCK_STREAM, 0));
  const int before = 60;
  const int after = 1;
  ASSERT_EQ(::setsockopt(listener, IPPROTO_TCP, TCP_KEEPIDLE, &before, sizeof before), 0);
  ASSERT_EQ(::listen(listener, 1), 0);
  ASSERT_EQ(::setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &after, sizeof after), 0);
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ASSERT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::connect(client, reinterpret_cast<sockaddr*>(&address), size), 0);
  const Descriptor server(::accept(listener, nullptr, nullptr));
  for (const int socket : {int{listener}, int{server}}) {
    EXPECT_EQ(option_of(socket, TCP_KEEPIDLE), 60);
    EXPECT_EQ(option_of(socket, TCP_NODELAY), 1);
  }
}

TEST(Listener, ThatIsShutEndsTheWaitForConnections) {
  const Descriptor listener(::socket(AF_INET, SOCK_STREAM, 0));
  ASSERT_EQ(::listen(listener, 1), 0);
  std::thread waiter([&] {
    EXPECT_EQ(answer_of([&] { return ::accept(listener, nullptr, nullptr); }), refusal(EINVAL));
  });
  EXPECT_EQ(::shutdown(listener, SHUT_RDWR), 0);
  waiter.join();
}

TEST(Cork, KeepsTheLastSegmentUntilItIsPulled) {
  const Connection both;
  both.disable_nagle();
  EXPECT_EQ(::send(both.client, "a", 1, 0), 1);
  EXPECT_EQ(both.arrived(), 1) << "without a cork";
  int kept = 0;
  // What waits goes out by a timer too, which may be just now; never five times in a row.
  for (int round = 0; round < 5; ++round) {
    const int before = both.arrived();
    both.cork(1);
    EXPECT_EQ(::send(both.client, "bc", 2, 0), 2);
    EXPECT_EQ(::send(both.client, "de", 2, 0), 2);
    kept += both.arrived() == before ? 1 : 0;
    both.cork(0);
    EXPECT_EQ(both.arrived(), before + 4);
  }
  EXPECT_GT(kept, 0);
}

TEST(Cork, LetsWholeSegmentsThrough) {
  const Connection both;
  both.cork(1);
  const std::vector<char> bytes(20'000);
  EXPECT_EQ(::send(both.client, bytes.data(), bytes.size(), 0), 20'000);
  pollfd look{.fd = both.server(), .events = POLLIN, .revents = 0};
  EXPECT_EQ(::poll(&look, 1, -1), 1);
  EXPECT_GT(both.arrived(), 10'000);
}

TEST(Cork, KeepsNothingForEver) {
  const Connection both;
  both.cork(1);
  EXPECT_EQ(::send(both.client, "a", 1, 0), 1);
  pollfd look{.fd = both.server(), .events = POLLIN, .revents = 0};
  EXPECT_EQ(::poll(&look, 1, -1), 1);
}

TEST(Cork, IsPulledByNoDelayOnceAndByTheEnd) {
  const Connection both;
  both.cork(1);
  EXPECT_EQ(::send(both.client, "a", 1, 0), 1);
  both.disable_nagle();
  EXPECT_EQ(both.arrived(), 1);
  EXPECT_EQ(::send(both.client, "b", 1, 0), 1);
  EXPECT_EQ(::shutdown(both.client, SHUT_WR), 0);
  EXPECT_EQ(both.arrived(), 2);
}

TEST(Cork, IsWhatMoreMeansForOneCall) {
  const Connection both;
  both.disable_nagle();
  int kept = 0;
  for (int round = 0; round < 5; ++round) {
    const int before = both.arrived();
    EXPECT_EQ(::send(both.client, "a", 1, MSG_MORE), 1);
    kept += both.arrived() == before ? 1 : 0;
    EXPECT_EQ(::send(both.client, "b", 1, 0), 1);
    EXPECT_EQ(both.arrived(), before + 2);
  }
  EXPECT_GT(kept, 0);
}

TEST(TcpInformation, TellsOfAConnection) {
  const Connection both;
  tcp_info info{};
  socklen_t size = sizeof info;
  ASSERT_EQ(::getsockopt(both.client, IPPROTO_TCP, TCP_INFO, &info, &size), 0);
  EXPECT_EQ(size, 104U) << "the part that all kernels have";
  EXPECT_EQ(info.tcpi_state, TCP_ESTABLISHED);
  EXPECT_GE(info.tcpi_snd_mss, 536U);
  EXPECT_GE(info.tcpi_snd_cwnd, 1U);
  EXPECT_EQ(info.tcpi_options, TCPI_OPT_WSCALE | TCPI_OPT_SACK);
  EXPECT_EQ(info.tcpi_total_retrans, 0U);
  ::shutdown(both.server(), SHUT_WR);
  size = sizeof info;
  ASSERT_EQ(::getsockopt(both.client, IPPROTO_TCP, TCP_INFO, &info, &size), 0);
  EXPECT_EQ(info.tcpi_state, TCP_CLOSE_WAIT);
}

} // namespace
} // namespace skerry::test
