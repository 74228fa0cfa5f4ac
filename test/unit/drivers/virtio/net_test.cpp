// SPDX-License-Identifier: Apache-2.0
// The network card's driver, with a device that keeps to the rules and with one that does not.
#include "drivers/virtio/negotiation.hpp"
#include "net_fixture.hpp"
#include "platform/hosted/manual_clock.hpp"

#include <hal/clock.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace skerry::virtio {
namespace {

using test::header_bytes;
using test::NetTest;
using testing::HasSubstr;

constexpr std::uint64_t mtu_feature = 1U << 3U;

TEST_F(NetTest, DeliversFrames) {
  start();
  receive_queue.answer(frame(60));
  receive_queue.answer(frame(1514));
  const auto outcome = net.poll(0, 64);
  EXPECT_EQ(outcome.delivered, 2U);
  EXPECT_FALSE(outcome.more);
  ASSERT_EQ(receiver.frames.size(), 2U);
  EXPECT_EQ(receiver.frames[0].size(), 60U);
  EXPECT_EQ(receiver.frames[1][1513], static_cast<std::uint8_t>(1514));
}

TEST_F(NetTest, StopsAtTheBudgetAndSaysSo) {
  start();
  for (int i = 0; i < 5; ++i) {
    receive_queue.answer(frame(60));
  }
  EXPECT_TRUE(net.poll(0, 4).more);
  EXPECT_FALSE(net.poll(0, 4).more);
  EXPECT_EQ(receiver.frames.size(), 5U);
}

TEST_F(NetTest, GoesOnReceivingWhileFramesAreKept) {
  receiver.keep = true;
  transport.offered_size = 256;
  start();
  int received = 0;
  while (receive_queue.has_chain() && received < 1000) {
    receive_queue.answer(frame(60));
    net.poll(0, 64);
    ++received;
  }
  EXPECT_EQ(received, 192) << "all buffers of the pool, and no more";
  receiver.kept.clear();
  net.poll(0, 64);
  EXPECT_TRUE(receive_queue.has_chain());
}

TEST_F(NetTest, SendsSegmentsInOrderAndReleasesThemLater) {
  start();
  const auto memory = *mm::DmaMemory::allocate(4096);
  std::memcpy(memory.data(), "headpayload-payload", 19);
  int released = 0;
  device::Packet packet([](void* count) { ++*static_cast<int*>(count); }, &released);
  ASSERT_TRUE(packet.add({memory.data(), 4}));
  ASSERT_TRUE(packet.add({memory.data() + 4, 15}));
  ASSERT_TRUE(net.transmit(0, std::move(packet)));
  EXPECT_FALSE(transmit_queue.has_chain()) << "shown before flush()";
  net.flush(0);
  EXPECT_EQ(transport.notified[1], 1);
  const auto chain = transmit_queue.take();
  EXPECT_EQ(std::string(chain.readable.begin() + header_bytes, chain.readable.end()),
            "headpayload-payload");
  EXPECT_EQ(released, 0);
  transmit_queue.give(chain.head, 0);
  net.poll(0, 64);
  EXPECT_EQ(released, 1);
}

TEST_F(NetTest, KeepsThePacketWithItsOwnerWhenTheQueueIsFull) {
  start();
  const auto memory = *mm::DmaMemory::allocate(4096);
  int released = 0;
  Result<> sent;
  int accepted = -1;
  for (; sent; ++accepted) {
    device::Packet packet([](void* count) { ++*static_cast<int*>(count); }, &released);
    ASSERT_TRUE(packet.add({memory.data(), 60}));
    sent = net.transmit(0, std::move(packet));
    if (!sent) {
      EXPECT_EQ(packet.size_bytes(), 60U);
    }
  }
  EXPECT_EQ(sent.error(), std::errc::no_buffer_space);
  EXPECT_EQ(accepted, 8) << "two descriptors each, of 16";
  bool ready = false;
  net.on_transmit_ready({[](void* flag) { *static_cast<bool*>(flag) = true; }, &ready});
  net.flush(0);
  while (transmit_queue.has_chain()) {
    transmit_queue.give(transmit_queue.take().head, 0);
  }
  net.poll(0, 64);
  EXPECT_TRUE(ready);
}

TEST_F(NetTest, V03_AFrameLongerThanItsBufferBreaksTheDevice) {
  start();
  receive_queue.give(receive_queue.take().head, 2049);
  net.poll(0, 64);
  expect_broken("V03");
}

TEST_F(NetTest, V01_ABrokenTransmitQueueReleasesWhatWasOnItsWay) {
  start();
  const auto memory = *mm::DmaMemory::allocate(4096);
  int released = 0;
  device::Packet packet([](void* count) { ++*static_cast<int*>(count); }, &released);
  ASSERT_TRUE(packet.add({memory.data(), 60}));
  ASSERT_TRUE(net.transmit(0, std::move(packet)));
  net.flush(0);
  transmit_queue.set_used_index(9);
  net.poll(0, 64);
  EXPECT_EQ(released, 1);
  expect_broken("V01");
}

TEST_F(NetTest, V08_FramesWithImpossibleHeadersAreDropped) {
  start();
  auto segmented = frame(60);
  segmented[1] = 1; // a TCP segment that nobody agreed to take
  auto outside = frame(60);
  outside[0] = 1;  // a checksum that is to be made
  outside[6] = 50; // from here on
  outside[8] = 9;  // at a place that ends past the frame
  for (const auto& bytes : {segmented, outside, frame(13)}) {
    receive_queue.answer(bytes);
  }
  receive_queue.give(receive_queue.take().head, 4); // not even a header
  receive_queue.answer(frame(60));
  net.poll(0, 64);
  EXPECT_EQ(receiver.frames.size(), 1U);
  EXPECT_EQ(net.statistics().receive_dropped, 4U);
}

TEST_F(NetTest, V10_AMacAddressThatIsNoneIsReplaced) {
  for (const auto& mac : {std::array<std::uint8_t, 6>{}, {1, 0, 0x5e, 0, 0, 1}}) {
    std::copy(mac.begin(), mac.end(), transport.config.begin());
    Net fresh(transport);
    ASSERT_TRUE(fresh.start_device());
    EXPECT_EQ(fresh.mac_address()[0] & 3U, 2U) << "locally administered, of one station";
  }
}

TEST_F(NetTest, V10_AnMtuThatIsNoneIsNotTaken) {
  transport.features |= mtu_feature;
  for (const auto [offered, taken] :
       {std::pair{0, 1500}, {67, 1500}, {1400, 1400}, {65535, 9216}}) {
    transport.config[10] = static_cast<std::uint8_t>(offered);
    transport.config[11] = static_cast<std::uint8_t>(offered >> 8);
    Net fresh(transport);
    ASSERT_TRUE(fresh.start_device());
    EXPECT_EQ(fresh.mtu(), static_cast<std::uint32_t>(taken));
  }
}

TEST_F(NetTest, V10_AConfigurationThatNeverSettlesEndsTheReading) {
  transport.config_never_settles = true;
  ASSERT_TRUE(net.start_device());
  EXPECT_EQ(net.mac_address()[0] & 3U, 2U);
}

TEST_F(NetTest, V12_ADeviceOfNoStandardIsRefused) {
  transport.features &= ~test::FakeTransport::version_1;
  EXPECT_EQ(net.start_device().error(), std::errc::not_supported);
}

TEST_F(NetTest, V12_ADeviceThatTakesItsFeaturesBackIsRefused) {
  transport.refuses_features = true;
  EXPECT_EQ(net.start_device().error(), std::errc::not_supported);
}

TEST_F(NetTest, V12_FeaturesThatNobodyAskedForAreNotTaken) {
  transport.features = ~0ULL;
  ASSERT_TRUE(net.start_device());
  EXPECT_EQ(transport.driver_features & (1ULL << 33U), 0U) << "ACCESS_PLATFORM";
  EXPECT_EQ(transport.driver_features & (1ULL << 15U), 0U) << "MRG_RXBUF";
}

TEST_F(NetTest, V05_IndirectDescriptorsAreNotAgreedOn) {
  transport.features |= 1ULL << 28U;
  ASSERT_TRUE(net.start_device());
  EXPECT_EQ(transport.driver_features & (1ULL << 28U), 0U);
}

TEST_F(NetTest, V06_PackedRingsAreNotAgreedOn) {
  transport.features |= 1ULL << 34U;
  ASSERT_TRUE(net.start_device());
  EXPECT_EQ(transport.driver_features & (1ULL << 34U), 0U);
}

TEST_F(NetTest, V13_ADeviceThatStaysInItsResetIsGivenUp) {
  transport.stuck_in_reset = true;
  const Instant begin = hal::monotonic_now();
  EXPECT_EQ(net.start_device().error(), std::errc::timed_out);
  EXPECT_LT(hal::monotonic_now() - begin, Duration::seconds(1));
  EXPECT_THAT(hosted::take_console_text(), HasSubstr("does not come out of its reset"));
  EXPECT_FALSE(receive_queue.started());
}

TEST_F(NetTest, AsksForTheOffloadsOfAFrame) {
  transport.features |= 1U << 0U | 1U << 11U | 1U << 12U;
  start();
  const auto memory = *mm::DmaMemory::allocate(4096);
  for (const auto [gso, type] :
       {std::pair{device::Gso::none, 0}, {device::Gso::tcp_v4, 1}, {device::Gso::tcp_v6, 4}}) {
    device::Packet packet;
    ASSERT_TRUE(packet.add({memory.data(), 3000 - (type == 0 ? 2000U : 0U)}));
    packet.offloads = {.checksum_partial = true,
                       .gso = gso,
                       .checksum_start = 34,
                       .checksum_offset = 16,
                       .gso_size = 1448,
                       .header_size = 66};
    ASSERT_TRUE(net.transmit(0, std::move(packet)));
    net.flush(0);
    const auto chain = transmit_queue.take();
    const std::vector<int> header(chain.readable.begin(), chain.readable.begin() + header_bytes);
    // Flags, kind, bytes of headers, bytes of a segment, start and offset of the checksum.
    const std::vector<int> plain{1, 0, 0, 0, 0, 0, 34, 0, 16, 0, 0, 0};
    const std::vector<int> cut{1, type, 66, 0, 1448 & 0xff, 1448 >> 8, 34, 0, 16, 0, 0, 0};
    EXPECT_EQ(header, type == 0 ? plain : cut);
    transmit_queue.give(chain.head, 0);
    net.poll(0, 64);
  }
}

TEST_F(NetTest, SpeaksToALegacyDeviceWithTheShortHeader) {
  constexpr std::size_t short_header_bytes = 10;
  transport.legacy = true;
  transport.features |= 1U << 27U; // any layout
  start();
  receive_queue.answer(std::vector<std::uint8_t>(short_header_bytes + 60));
  net.poll(0, 64);
  ASSERT_EQ(receiver.frames.size(), 1U);
  EXPECT_EQ(receiver.frames[0].size(), 60U);
  const auto memory = *mm::DmaMemory::allocate(4096);
  device::Packet packet;
  ASSERT_TRUE(packet.add({memory.data(), 60}));
  ASSERT_TRUE(net.transmit(0, std::move(packet)));
  net.flush(0);
  EXPECT_EQ(transmit_queue.take().readable.size(), short_header_bytes + 60);
}

TEST_F(NetTest, RefusesALegacyDeviceThatWantsAnOldLayout) {
  transport.legacy = true;
  EXPECT_EQ(net.start_device().error(), std::errc::not_supported);
  EXPECT_THAT(hosted::take_console_text(), HasSubstr("ANY_LAYOUT"));
}

TEST_F(NetTest, AsksForNothingThatAFrameDoesNotNeed) {
  start();
  const auto memory = *mm::DmaMemory::allocate(4096);
  device::Packet packet;
  ASSERT_TRUE(packet.add({memory.data(), 60}));
  ASSERT_TRUE(net.transmit(0, std::move(packet)));
  net.flush(0);
  const auto chain = transmit_queue.take();
  for (std::size_t i = 0; i < header_bytes; ++i)
    EXPECT_EQ(chain.readable.at(i), 0) << i;
}

TEST_F(NetTest, V13_ADeviceThatAsksForAResetIsStopped) {
  start();
  transport.add_status(status_needs_reset);
  transport.interrupt_config();
  net.poll(0, 64);
  expect_broken("V13");
}

TEST_F(NetTest, TellsOfTheLink) {
  start();
  transport.config[6] = 0;
  transport.interrupt_config();
  EXPECT_EQ(notifications, 1);
  net.poll(0, 64);
  EXPECT_FALSE(receiver.link);
  EXPECT_FALSE(net.link_up());
}

} // namespace
} // namespace skerry::virtio
