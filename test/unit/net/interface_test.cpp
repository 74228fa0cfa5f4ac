// SPDX-License-Identifier: Apache-2.0
// Frames on their way from a device to lwIP, while the device still writes to its buffers.
#include "network.hpp"

#include <gtest/gtest.h>
#include <lwip/udp.h>
#include <numeric>

namespace skerry::net {
namespace {

using test::append16;
using test::Bytes;
using test::Network;

constexpr unsigned port = 5353;
constexpr std::size_t kept_headers = 256;

/// A buffer that the device can write to until nobody needs it.
class DeviceBuffer {
public:
  explicit DeviceBuffer(Bytes frame) : frame_(std::move(frame)) {}

  void deliver(device::NetReceiver& receiver) {
    device::Packet packet([](void* flag) { *static_cast<bool*>(flag) = true; }, &released_);
    ASSERT_TRUE(packet.add({reinterpret_cast<std::byte*>(frame_.data()), frame_.size()}));
    const StackUse use;
    receiver.receive(0, std::move(packet));
  }
  void scribble(std::size_t size_bytes) {
    std::fill_n(frame_.begin(), std::min(size_bytes, frame_.size()), std::uint8_t{0xff});
  }
  [[nodiscard]] bool released() const { return released_; }

private:
  Bytes frame_;
  bool released_ = false;
};

class InterfaceTest : public testing::Test {
protected:
  InterfaceTest() {
    const StackUse use;
    EXPECT_EQ(udp_bind(socket, IP4_ADDR_ANY, port), ERR_OK);
    udp_recv(
        socket,
        [](void* self, udp_pcb*, pbuf* datagram, const ip_addr_t*, u16_t) {
          static_cast<InterfaceTest*>(self)->received = datagram;
        },
        this);
  }
  ~InterfaceTest() override {
    const StackUse use;
    udp_remove(socket);
    free_received();
  }

  /// A datagram of counting bytes, without a checksum of its own.
  static Bytes datagram(std::size_t size) {
    Bytes bytes;
    append16(bytes, 4000);
    append16(bytes, port);
    append16(bytes, static_cast<unsigned>(8 + size));
    append16(bytes, 0);
    bytes.resize(8 + size);
    std::iota(bytes.begin() + 8, bytes.end(), std::uint8_t{1});
    return bytes;
  }
  /// A piece of a datagram; `offset` in bytes.
  static Bytes fragment(std::span<const std::uint8_t> piece, std::size_t offset, bool more) {
    Bytes frame = test::ipv4(17, piece);
    const auto field = static_cast<unsigned>(offset / 8) | (more ? 0x2000U : 0U);
    frame[20] = static_cast<std::uint8_t>(field >> 8U);
    frame[21] = static_cast<std::uint8_t>(field);
    frame[24] = frame[25] = 0;
    Bytes header(frame.begin() + 14, frame.begin() + 34);
    test::seal(header, 10);
    std::copy(header.begin(), header.end(), frame.begin() + 14);
    return frame;
  }

  [[nodiscard]] Bytes text() const {
    Bytes bytes(received == nullptr ? 0 : received->tot_len);
    if (received != nullptr)
      pbuf_copy_partial(received, bytes.data(), received->tot_len, 0);
    return bytes;
  }
  void free_received() {
    if (received != nullptr)
      pbuf_free(std::exchange(received, nullptr));
  }

  Network& network = Network::get();
  udp_pcb* socket = udp_new();
  pbuf* received = nullptr;
};

TEST_F(InterfaceTest, V07_ASmallFrameIsNoLongerTheDevices) {
  const Bytes sent = datagram(500);
  DeviceBuffer buffer(test::ipv4(17, sent));
  buffer.deliver(network.interface);
  EXPECT_TRUE(buffer.released());
  buffer.scribble(SIZE_MAX);
  EXPECT_EQ(text(), Bytes(sent.begin() + 8, sent.end()));
}

TEST_F(InterfaceTest, V07_HeadersOfALargeFrameAreNoLongerTheDevices) {
  const Bytes sent = datagram(1400);
  DeviceBuffer buffer(test::ipv4(17, sent));
  buffer.deliver(network.interface);
  EXPECT_FALSE(buffer.released()) << "the rest is not copied";
  buffer.scribble(kept_headers);
  EXPECT_EQ(text(), Bytes(sent.begin() + 8, sent.end()));
  free_received();
  EXPECT_TRUE(buffer.released());
}

TEST_F(InterfaceTest, V07_WhatLwipKeepsInFragmentsIsNotTheDevices) {
  const Bytes sent = datagram(2800);
  const std::span<const std::uint8_t> bytes(sent);
  DeviceBuffer first(fragment(bytes.first(1480), 0, true));
  DeviceBuffer second(fragment(bytes.subspan(1480), 1480, false));
  first.deliver(network.interface);
  first.scribble(kept_headers); // where lwIP links fragments and notes their places
  second.deliver(network.interface);
  EXPECT_EQ(text(), Bytes(sent.begin() + 8, sent.end()));
  free_received();
  EXPECT_TRUE(first.released() && second.released());
}

TEST_F(InterfaceTest, AnswersALargeEchoRequestWithWhatItHeld) {
  network.card.sent.clear();
  Bytes request{8, 0, 0, 0, 0, 1, 0, 1};
  request.resize(1400);
  std::iota(request.begin() + 8, request.end(), std::uint8_t{1});
  test::seal(request, 2);
  DeviceBuffer buffer(test::ipv4(1, request));
  buffer.deliver(network.interface);
  ASSERT_EQ(network.card.sent.size(), 1U);
  const Bytes& reply = network.card.sent[0];
  EXPECT_EQ(reply.at(34), 0) << "an echo reply";
  EXPECT_TRUE(std::equal(request.begin() + 8, request.end(), reply.begin() + 42, reply.end()));
  EXPECT_TRUE(buffer.released());
}

} // namespace
} // namespace skerry::net
