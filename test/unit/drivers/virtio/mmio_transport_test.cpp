// SPDX-License-Identifier: Apache-2.0
// Virtio over MMIO: both versions, and registers that say what cannot be.
#include "drivers/virtio/mmio_transport.hpp"
#include "fake_bus_device.hpp"
#include "platform/hosted/console_capture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace skerry::virtio {
namespace {

using testing::HasSubstr;

class MmioTransportTest : public testing::Test {
protected:
  MmioTransportTest() {
    device.add_region(0, 0x200);
    word(0x004) = 2;
  }

  std::uint32_t& word(std::size_t offset) { return device.at<std::uint32_t>(0, offset); }
  void connect() {
    const auto count = [](void* counter) { ++*static_cast<int*>(counter); };
    ASSERT_TRUE(transport.start());
    ASSERT_TRUE(transport.connect(1, {count, &queue_calls}, {count, &config_calls}));
  }

  test::FakeBusDevice device;
  MmioTransport transport{device};
  int queue_calls = 0;
  int config_calls = 0;
};

TEST_F(MmioTransportTest, RefusesVersionsThatItDoesNotKnow) {
  for (const std::uint32_t version : {0U, 3U, 0xffff'ffffU}) {
    word(0x004) = version;
    EXPECT_EQ(transport.start().error(), std::errc::not_supported) << version;
  }
  EXPECT_THAT(hosted::take_console_text(), HasSubstr("expected 1 or 2"));
}

TEST_F(MmioTransportTest, V10_AQueueOfImpossibleSizeIsNone) {
  ASSERT_TRUE(transport.start());
  word(0x034) = 0x1'0000;
  EXPECT_EQ(transport.queue_size(0), 0);
  word(0x034) = 256;
  EXPECT_EQ(transport.queue_size(0), 256);
}

TEST_F(MmioTransportTest, PlacesTheThreePartsOfAQueue) {
  ASSERT_TRUE(transport.start());
  EXPECT_FALSE(transport.is_legacy());
  ASSERT_TRUE(transport.start_queue(1, 64,
                                    {.descriptors = mm::PhysicalAddress(0x1'2345'6000),
                                     .available = mm::PhysicalAddress(0x7000),
                                     .used = mm::PhysicalAddress(0x8000)}));
  EXPECT_EQ(word(0x030), 1U);
  EXPECT_EQ(word(0x038), 64U);
  EXPECT_EQ(word(0x080), 0x2345'6000U);
  EXPECT_EQ(word(0x084), 1U);
  EXPECT_EQ(word(0x090), 0x7000U);
  EXPECT_EQ(word(0x0a0), 0x8000U);
  EXPECT_EQ(word(0x044), 1U) << "ready";
}

TEST_F(MmioTransportTest, TellsALegacyDeviceThePageOfItsQueue) {
  word(0x004) = 1;
  ASSERT_TRUE(transport.start());
  EXPECT_TRUE(transport.is_legacy());
  transport.set_status(status_acknowledge);
  EXPECT_EQ(word(0x028), 4096U);
  QueueAddresses addresses;
  addresses.descriptors = mm::PhysicalAddress(0xfff'ffff'f000); // the rest lies behind it
  ASSERT_TRUE(transport.start_queue(0, 64, addresses));
  EXPECT_EQ(word(0x03c), 4096U);
  EXPECT_EQ(word(0x040), 0xffff'ffffU);
  EXPECT_EQ(word(0x044), 0U) << "only version 2 has it";
}

TEST_F(MmioTransportTest, RefusesAPageThatALegacyDeviceCannotName) {
  word(0x004) = 1;
  ASSERT_TRUE(transport.start());
  QueueAddresses addresses;
  addresses.descriptors = mm::PhysicalAddress(0x1000'0000'0000);
  EXPECT_EQ(transport.start_queue(0, 64, addresses).error(), std::errc::invalid_argument);
  EXPECT_EQ(word(0x040), 0U);
}

TEST_F(MmioTransportTest, AcknowledgesWhatItServesAndLeavesOthersAlone) {
  connect();
  word(0x060) = 1;
  EXPECT_TRUE(device.handlers[0]());
  EXPECT_EQ(word(0x064), 1U);
  word(0x060) = 3;
  EXPECT_TRUE(device.handlers[0]());
  EXPECT_EQ(word(0x064), 3U);
  EXPECT_EQ(queue_calls, 2);
  EXPECT_EQ(config_calls, 1);
  word(0x060) = 0;
  word(0x064) = 0;
  EXPECT_FALSE(device.handlers[0]());
  EXPECT_EQ(word(0x064), 0U) << "of another device on the line";
  EXPECT_EQ(queue_calls, 2);
}

} // namespace
} // namespace skerry::virtio
