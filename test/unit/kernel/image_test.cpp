// SPDX-License-Identifier: Apache-2.0
// What is known of the image's place.
#include <kernel/boot.hpp>
#include <kernel/image.hpp>

#include <gtest/gtest.h>
#include <memory>

namespace skerry::kernel {
namespace {

using mm::VirtualAddress;

class ImageTest : public testing::Test {
protected:
  static constexpr VirtualAddress base{0xffff'ff80'1234'5000};
  static constexpr std::uint64_t size = 0x8000;

  ImageTest() { place(base, size); }
  ~ImageTest() override { place(VirtualAddress(), 0); }

  static void place(VirtualAddress at, std::uint64_t size_bytes) {
    const auto info = std::make_unique<BootInfo>();
    info->image_base = at;
    info->image = {mm::PhysicalAddress(0x20'0000), size_bytes};
    set_image(*info);
  }
};

TEST_F(ImageTest, KnowsOffsetsInsideItself) {
  EXPECT_EQ(image_offset(base), 0U);
  EXPECT_EQ(image_offset(base + size - 1), size - 1);
}

TEST_F(ImageTest, HasNoOffsetForWhatLiesOutside) {
  EXPECT_EQ(image_offset(base - 1), std::nullopt);
  EXPECT_EQ(image_offset(base + size), std::nullopt);
  EXPECT_EQ(image_offset(VirtualAddress()), std::nullopt);
  EXPECT_EQ(image_offset(VirtualAddress(~std::uint64_t{0})), std::nullopt);
}

TEST_F(ImageTest, ContainsOnlyRangesThatLieInItAsAWhole) {
  EXPECT_TRUE(image_contains(base, size));
  EXPECT_TRUE(image_contains(base + 10, 0));
  EXPECT_TRUE(image_contains(base + size - 1, 1));
  EXPECT_FALSE(image_contains(base + size - 1, 2));
  EXPECT_FALSE(image_contains(base - 1, 2));
  EXPECT_FALSE(image_contains(base + 1, SIZE_MAX));
}

TEST_F(ImageTest, HasNoSymbolsWhenTheirTableLiesOutside) {
  EXPECT_TRUE(image_symbols().empty());
}

} // namespace
} // namespace skerry::kernel
