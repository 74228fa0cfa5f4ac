// SPDX-License-Identifier: Apache-2.0
// Virtio over PCI: structures that are where they should be, and those that cannot be.
#include "drivers/virtio/pci_transport.hpp"
#include "fake_bus_device.hpp"
#include "platform/hosted/console_capture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace skerry::virtio {
namespace {

using testing::HasSubstr;

constexpr std::uint8_t common = 1;
constexpr std::uint8_t notify = 2;
constexpr std::uint8_t specific = 4;
constexpr std::uint8_t bar = 4;

class PciTransportTest : public testing::Test {
protected:
  PciTransportTest() { device.add_region(bar, 0x3000); }

  void add_common() { device.add_structure({.kind = common, .bar = bar, .size_bytes = 0x38}); }
  void add_notify(std::uint32_t multiplier) {
    device.add_structure({.kind = notify,
                          .bar = bar,
                          .offset = 0x2000,
                          .size_bytes = 0x1000,
                          .multiplier = multiplier});
  }
  void expect_refused(std::errc error, std::string_view words) {
    EXPECT_EQ(transport.start().error(), error);
    EXPECT_THAT(hosted::take_console_text(), HasSubstr(words));
  }

  test::FakeBusDevice device;
  PciTransport transport{device};
};

TEST_F(PciTransportTest, FindsItsStructures) {
  add_common();
  add_notify(4);
  device.add_structure({.kind = specific, .bar = bar, .offset = 0x1000, .size_bytes = 8});
  ASSERT_TRUE(transport.start());
  transport.set_status(3);
  EXPECT_EQ(device.at<std::uint8_t>(bar, 0x14), 3);
  device.at<std::uint8_t>(bar, 0x1007) = 0x5a;
  EXPECT_EQ(transport.config_byte(7), 0x5a);
  EXPECT_EQ(transport.config_byte(8), 0xff) << "past its end";
  EXPECT_EQ(transport.queue_size(PciTransport::max_queues), 0) << "no more than it keeps places of";
}

TEST_F(PciTransportTest, NotifiesWhereTheQueueSays) {
  add_common();
  add_notify(4);
  ASSERT_TRUE(transport.start());
  device.at<std::uint16_t>(bar, 0x1e) = 5;
  ASSERT_TRUE(transport.start_queue(1, 16, {}));
  transport.notify(1);
  EXPECT_EQ(device.at<std::uint16_t>(bar, 0x2014), 1);
}

TEST_F(PciTransportTest, V10_AQueueThatIsNotifiedOutsideItsRegionIsRefused) {
  for (const auto [offset, multiplier] :
       {std::pair<std::uint16_t, std::uint32_t>{0x400, 4}, {0xfff, 1}, {0xffff, 0xffff'ffff}}) {
    test::FakeBusDevice other;
    other.add_region(bar, 0x3000);
    other.add_structure({.kind = common, .bar = bar, .size_bytes = 0x38});
    other.add_structure({.kind = notify,
                         .bar = bar,
                         .offset = 0x2000,
                         .size_bytes = 0x1000,
                         .multiplier = multiplier});
    PciTransport started(other);
    ASSERT_TRUE(started.start());
    other.at<std::uint16_t>(bar, 0x1e) = offset;
    EXPECT_EQ(started.start_queue(0, 16, {}).error(), std::errc::no_such_device) << offset;
    EXPECT_THAT(hosted::take_console_text(), HasSubstr("V10"));
    EXPECT_EQ(other.at<std::uint16_t>(bar, 0x1c), 0) << "the queue was switched on";
  }
}

TEST_F(PciTransportTest, V11_AStructureOutsideItsRegionIsRefused) {
  device.add_structure({.kind = common, .bar = bar, .offset = 0x2fd0, .size_bytes = 0x38});
  add_notify(0);
  expect_refused(std::errc::no_such_device, "V11");
}

TEST_F(PciTransportTest, V11_AStructureWhoseEndWrapsIsRefused) {
  device.add_structure({.kind = common, .bar = bar, .offset = 0x38, .size_bytes = 0xffff'ffff});
  add_notify(0);
  expect_refused(std::errc::no_such_device, "V11");
}

TEST_F(PciTransportTest, V11_AStructureThatIsTooShortIsRefused) {
  device.add_structure({.kind = common, .bar = bar, .size_bytes = 0x37});
  add_notify(0);
  expect_refused(std::errc::no_such_device, "V11");
}

TEST_F(PciTransportTest, V11_AStructureInARegionThatIsNotThereIsPassedOver) {
  device.add_structure({.kind = common, .bar = 7, .size_bytes = 0x38});
  add_common();
  add_notify(0);
  EXPECT_TRUE(transport.start());
}

TEST_F(PciTransportTest, V11_ACapabilityThatIsTooShortIsPassedOver) {
  device.add_structure({.kind = common, .bar = bar, .size_bytes = 0x38, .length = 15});
  add_notify(0);
  expect_refused(std::errc::not_supported, "before virtio 1.0");
}

TEST_F(PciTransportTest, V11_OfSeveralStructuresOfAKindTheFirstCounts) {
  add_common();
  device.add_structure({.kind = common, .bar = bar, .offset = 0x100, .size_bytes = 0x38});
  add_notify(0);
  ASSERT_TRUE(transport.start());
  transport.set_status(3);
  EXPECT_EQ(device.at<std::uint8_t>(bar, 0x14), 3);
  EXPECT_EQ(device.at<std::uint8_t>(bar, 0x114), 0);
}

TEST_F(PciTransportTest, ADeviceWithoutStructuresIsRefusedInWords) {
  expect_refused(std::errc::not_supported, "disable-modern=off");
}

TEST_F(PciTransportTest, V11_ADeviceWithoutMessagesIsRefusedInWords) {
  add_common();
  add_notify(0);
  device.interrupts = 0;
  ASSERT_TRUE(transport.start());
  EXPECT_EQ(transport.connect(1, {}, {}).error(), std::errc::no_such_device);
  EXPECT_THAT(hosted::take_console_text(), HasSubstr("has no MSI-X"));
}

} // namespace
} // namespace skerry::virtio
