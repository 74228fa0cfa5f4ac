// SPDX-License-Identifier: Apache-2.0
// Devices that the kernel argument virtio_mmio.device= names.
#include "fake_devices.hpp"
#include "platform/pc/mmio_device.hpp"

#include <gtest/gtest.h>

namespace skerry::pc {
namespace {

TEST(MmioPlace, IsReadAsQemuAndLinuxWriteIt) {
  const auto place = parse_mmio_place("512@0xfeb00e00:12");
  ASSERT_TRUE(place);
  EXPECT_EQ(place->size_bytes, 512U);
  EXPECT_EQ(place->address, 0xfeb00e00U);
  EXPECT_EQ(place->line, 12U);
  EXPECT_EQ(parse_mmio_place("4K@0xd0000000:5")->size_bytes, 4096U);
  EXPECT_EQ(parse_mmio_place("1m@4096:0x1f")->line, 31U);
  EXPECT_TRUE(parse_mmio_place("0x200@0xD0000000:5:3"));
}

TEST(MmioPlace, MustBeOfItsForm) {
  for (const char* text : {"",
                           "512",
                           "512@",
                           "512@0x1000",
                           "512@0x1000:",
                           "@0x1000:5",
                           "512@:5",
                           "512@0x:5",
                           "512@0x1000:5:",
                           "512@0x1000:5:1:",
                           "512@0x1000:5 ",
                           "512 @0x1000:5",
                           "-512@0x1000:5",
                           "511@0x1000:5",
                           "2M@0x1000:5",
                           "99999999999999999999@0x1000:5",
                           "1025K@0x1000:5",
                           "512@0xffffffffffffffff:5",
                           "512@0x10000000000000000:5",
                           "512@0x1000:4294967296",
                           "512@4g:5",
                           "18014398509481985K@0x1000:5"})
    EXPECT_FALSE(parse_mmio_place(text)) << text;
}

TEST(MmioDevice, IsThereWhenItSaysSo) {
  test::PhysicalMemory memory(0xfeb0'0000, 512);
  MmioDevice device({.address = 0xfeb0'0000, .size_bytes = 512, .line = 5});
  EXPECT_EQ(device.probe(), false) << "no magic number";
  memory.set_word(0, 0x7472'6976);
  EXPECT_EQ(device.probe(), false) << "a place without a device";
  memory.set_word(8, 4);
  EXPECT_EQ(device.probe(), true);
  EXPECT_EQ(device.id().device, 4);
  EXPECT_EQ(device.name(), "mmio 0xfeb00000");
  EXPECT_EQ(device.map_region(1).error(), std::errc::no_such_device);
}

TEST(MmioDevice, ConnectsItsLine) {
  MmioDevice device({.address = 0xfeb0'0000, .size_bytes = 512, .line = 5});
  (void)test::take_connections();
  int calls = 0;
  ASSERT_TRUE(device.connect_interrupt(
      0, {[](void* count) { return ++*static_cast<int*>(count) != 0; }, &calls}));
  const auto connections = test::take_connections();
  ASSERT_EQ(connections.size(), 1U);
  EXPECT_EQ(connections[0].line, 5U);
  EXPECT_TRUE(connections[0].handler(connections[0].context));
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(device.connect_interrupt(1, {}).error(), std::errc::no_such_device);
}

} // namespace
} // namespace skerry::pc
