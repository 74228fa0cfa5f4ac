// SPDX-License-Identifier: Apache-2.0
// A network card's driver on a device of the test's, and who takes its frames.
#pragma once

#include "drivers/virtio/net.hpp"
#include "fake_transport.hpp"
#include "platform/hosted/console_capture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <numeric>

namespace skerry::virtio::test {

inline constexpr std::uint64_t mac_feature = 1U << 5U;
inline constexpr std::uint64_t status_feature = 1U << 16U;
inline constexpr std::size_t header_bytes = 12;

class Receiver final : public device::NetReceiver {
public:
  void receive(unsigned, device::Packet&& packet) override {
    std::vector<std::uint8_t> frame;
    for (const auto segment : packet.segments()) {
      const auto* bytes = reinterpret_cast<const std::uint8_t*>(segment.data());
      frame.insert(frame.end(), bytes, bytes + segment.size());
    }
    frames.push_back(std::move(frame));
    offloads.push_back(packet.offloads);
    if (keep) {
      kept.push_back(std::move(packet));
    }
  }
  void link_changed(bool up) override { link = up; }

  std::vector<std::vector<std::uint8_t>> frames;
  std::vector<device::Offloads> offloads;
  std::vector<device::Packet> kept;
  bool keep = false;
  bool link = true;
};

class NetTest : public testing::Test {
protected:
  NetTest() { transport.config = {0x52, 0x54, 0, 1, 2, 3, 1, 0}; }

  void start() {
    ASSERT_TRUE(net.start_device());
    net.start(receiver, {[](void* count) { ++*static_cast<int*>(count); }, &notifications});
  }

  /// A header of zeros and `size` counting bytes.
  static std::vector<std::uint8_t> frame(std::size_t size) {
    std::vector<std::uint8_t> bytes(header_bytes + size);
    std::iota(bytes.begin() + header_bytes, bytes.end(), std::uint8_t{1});
    return bytes;
  }

  void expect_broken(std::string_view rule) {
    EXPECT_THAT(hosted::take_console_text(), testing::HasSubstr(rule));
    EXPECT_EQ(transport.status(), 0) << "the device was not reset";
    EXPECT_FALSE(receiver.link);
    EXPECT_EQ(net.transmit(0, device::Packet()).error(), std::errc::io_error);
    EXPECT_EQ(net.poll(0, 64).delivered, 0U);
  }

  FakeTransport transport{mac_feature | status_feature};
  FakeQueue& receive_queue = transport.queues[0];
  FakeQueue& transmit_queue = transport.queues[1];
  Receiver receiver;
  int notifications = 0;
  Net net{transport};
};

} // namespace skerry::virtio::test
