// SPDX-License-Identifier: Apache-2.0
// What TCP sockets limit by themselves: what a peer may send ahead, and how long it may be silent.
#include "network.hpp"
#include "src/net/tcp_protocol.hpp"
#include "src/net/tcp_socket.hpp"

#include <fs/user_buffer.hpp>
#include <mm/heap.hpp>

#include <array>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <vector>

namespace skerry::net {
namespace {

using test::Bytes;
using test::Network;
using test::tcp;

/// A connection from port 10000.
class TcpLimitsTest : public testing::Test {
protected:
  TcpLimitsTest() {
    const StackUse use;
    use_tcp();
    auto socket = mm::make_owned<TcpSocket>(Family::ipv4, *tcp_new());
    listener = fs::FileReference::adopt(socket->release());
    auto& listening = static_cast<TcpSocket&>(*listener);
    EXPECT_TRUE(listening.bind({.address = {}, .port = 80}));
    EXPECT_TRUE(listening.listen(4));
    network.send(tcp({.from = 10'000, .sequence = 1000, .flags = test::syn}));
    const auto answers = network.take_segments();
    ours = answers.at(0).sequence + 1;
    network.send(tcp({.from = 10'000, .sequence = 1001, .acknowledged = ours, .flags = test::ack}));
    connection = listening.accept().value();
  }
  ~TcpLimitsTest() override {
    connection = {};
    listener = {};
    const StackUse use;
    while (tcp_active_pcbs != nullptr) {
      tcp_abort(tcp_active_pcbs);
    }
  }

  [[nodiscard]] TcpSocket& connected() const { return static_cast<TcpSocket&>(*connection); }

  Network& network = Network::get();
  fs::FileReference listener;
  fs::FileReference connection;
  /// Our next sequence number.
  std::uint32_t ours = 0;
};

TEST_F(TcpLimitsTest, WindowsShrinkToWhatWasAskedForAndGrowAgain) {
  TcpSocket& socket = connected();
  const tcp_pcb& pcb = *tcp_active_pcbs;
  const auto set_limit = [&](int wanted) {
    return socket.set_option(SOL_SOCKET, SO_RCVBUF, std::as_bytes(std::span(&wanted, 1)));
  };
  ASSERT_TRUE(set_limit(10'000)); // which is doubled
  constexpr unsigned unscaled = 65'535;
  EXPECT_EQ(pcb.rcv_wnd, unscaled) << "what was offered stays offered";
  constexpr unsigned segments = 40;
  for (unsigned i = 0; i < segments; ++i) {
    network.send(tcp({.from = 10'000,
                      .sequence = 1001 + i * 1460,
                      .acknowledged = ours,
                      .flags = test::ack,
                      .data = Bytes(1460)}));
  }
  std::vector<std::byte> bytes(std::size_t{segments} * 1460);
  fs::UserBuffer buffer{std::span(bytes)};
  const auto received = socket.receive(buffer, {});
  ASSERT_TRUE(received);
  ASSERT_EQ(received->size_bytes, bytes.size());
  EXPECT_EQ(pcb.rcv_wnd, 20'000U);
  ASSERT_TRUE(set_limit(TCP_WND));
  EXPECT_EQ(pcb.rcv_wnd, unscaled);
}

TEST_F(TcpLimitsTest, EndsWhenNothingIsAcknowledgedForAsLongAsItIsPatient) {
  TcpSocket& socket = connected();
  const int milliseconds = 5'000;
  ASSERT_TRUE(
      socket.set_option(IPPROTO_TCP, TCP_USER_TIMEOUT, std::as_bytes(std::span(&milliseconds, 1))));
  network.pass(Duration::seconds(10));
  EXPECT_EQ(socket.poll() & POLLHUP, 0U) << "nothing was sent";
  std::array<std::byte, 4> bytes{};
  const auto send = [&] {
    fs::UserBuffer buffer{std::span(bytes)};
    return socket.send(buffer, {.do_not_wait = true}, std::nullopt);
  };
  ASSERT_TRUE(send());
  network.pass(Duration::seconds(4));
  network.send(
      tcp({.from = 10'000, .sequence = 1001, .acknowledged = ours + 2, .flags = test::ack}));
  network.pass(Duration::seconds(4));
  EXPECT_NE(tcp_active_pcbs, nullptr) << "a part was acknowledged";
  network.pass(Duration::seconds(3));
  EXPECT_EQ(tcp_active_pcbs, nullptr);
  const auto late = send();
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error(), std::errc::timed_out);
}

} // namespace
} // namespace skerry::net
