// SPDX-License-Identifier: Apache-2.0
// What skerry_image() put into an image (test/images/CMakeLists.txt), and how a boot changes it.
#include "elf/elf_file.hpp"
#include "elf/image.hpp"
#include "machines.hpp"
#include "support/file.hpp"

#include <gmock/gmock.h>

namespace skerry::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class ImageOptions : public testing::TestWithParam<Way> {};

TEST_P(ImageOptions, ReachMainWhicheverWayTheImageBoots) {
  const Outcome outcome = boot(GetParam(), "options", "quiet");
  EXPECT_EQ(outcome.status, 0) << outcome;
  EXPECT_THAT(outcome, Shows("argument [one]\nargument [two words]\n"
                             "argument [a \"quote\", a \\ and more]\nargument []\nargument [--]\n"
                             "argument [last]\nvariable [PATH=/bin]\nvariable [HOME=/tmp]\n"
                             "variable [LANG=C.UTF-8]\nvariable [COLOUR=blue]\n"
                             "variable [PLACE=by the \"sea\"]\n"));
}

INSTANTIATE_TEST_SUITE_P(Ways, ImageOptions, testing::ValuesIn(every_way),
                         [](const auto& way) { return std::string(name(way.param)); });

TEST(ImageOptionsOfABoot, AddArgumentsAndReplaceVariables) {
  const Outcome outcome =
      boot(Way::q35, "options", "quiet env=COLOUR=red env=\"NEW=a b\" -- of the boot");
  EXPECT_THAT(outcome, Shows("argument [last]\nargument [of]\nargument [the]\nargument [boot]\n"));
  EXPECT_THAT(outcome, Shows("variable [COLOUR=red]\n"));
  EXPECT_THAT(outcome, Shows("variable [NEW=a b]\n"));
  EXPECT_THAT(outcome.console, Not(HasSubstr("blue")));
}

TEST(ImageOptionsOfABoot, MustBeOfTheirForm) {
  const Outcome outcome = boot(Way::q35, "options", "env=COLOUR");
  EXPECT_EQ(outcome.status, 2) << outcome;
  EXPECT_THAT(outcome, Shows("kernel argument \"env=COLOUR\" has a value that is not possible; "
                             "expected NAME=VALUE, 64 of them at most\n"));
}

TEST(ImageOptionsOfAFile, NameItsMemory) {
  EXPECT_EQ(inspect_image(image("options")).memory_bytes, 24ULL << 20);
  EXPECT_EQ(inspect_image(image("hello")).memory_bytes, std::nullopt);
}

TEST(ImageOptionsOfAFile, LeaveOutTheDriversThatAreNotNamed) {
  const auto holds = [](std::string_view name, std::string_view symbol) {
    const auto bytes = read_bytes(image(name));
    for (const ElfFile::Symbol& present : ElfFile(bytes).symbols())
      if (present.name == symbol)
        return true;
    return false;
  };
  EXPECT_TRUE(holds("hello", "__skerry_driver_virtio_net"));
  EXPECT_TRUE(holds("options", "__skerry_driver_virtio_rng"));
  EXPECT_FALSE(holds("options", "__skerry_driver_virtio_net"));
}

} // namespace
} // namespace skerry::test
