// SPDX-License-Identifier: Apache-2.0
// An image with a root file system (test/images/root.cpp), and what happens when that is damaged.
#include "elf/elf_file.hpp"
#include "machines.hpp"
#include "support/file.hpp"

#include <algorithm>
#include <gmock/gmock.h>

namespace skerry::test {
namespace {

constexpr std::size_t page = 4096;
constexpr std::size_t superblock = 1024;
constexpr std::string_view magic = "\xe2\xe1\xf5\xe0";

class RootFileSystem : public testing::TestWithParam<Way> {};

TEST_P(RootFileSystem, IsReadMappedAndNotChanged) {
  const Outcome outcome = boot(GetParam(), "root", "quiet");
  EXPECT_EQ(outcome.status, 0) << outcome;
  EXPECT_THAT(outcome, Shows("erofs / erofs ro 0 0\ndevtmpfs /dev devtmpfs rw 0 0\n"
                             "proc /proc proc rw 0 0\nsysfs /sys sysfs rw 0 0\n"
                             "tmpfs /run tmpfs rw 0 0\n"
                             "tmpfs /tmp tmpfs rw 0 0\ntmpfs /var/cache tmpfs rw 0 0\n"
                             "0 differences\n"));
}

INSTANTIATE_TEST_SUITE_P(Ways, RootFileSystem, testing::ValuesIn(every_way),
                         [](const auto& way) { return std::string(name(way.param)); });

/// The image with one byte changed in the superblock of its root.
Outcome boot_damaged(std::size_t offset, unsigned char value) {
  auto bytes = read_bytes(image("root"));
  const auto wanted = std::as_bytes(std::span(magic));
  auto found = bytes.begin();
  do
    found = std::search(found + 1, bytes.end(), wanted.begin(), wanted.end());
  while (found != bytes.end() &&
         static_cast<std::size_t>(found - bytes.begin()) % page != superblock);
  if (found == bytes.end()) {
    ADD_FAILURE() << "the image has no root";
    return {};
  }
  found[static_cast<std::ptrdiff_t>(offset)] = std::byte{value};
  const TemporaryFolder folder;
  replace_file(folder.path() / "damaged", bytes);
  return boot(Way::q35, "root", "quiet", [&](vm::Machine& machine) {
    std::get<vm::KernelBoot>(machine.boot).image = folder.path() / "damaged";
  });
}

TEST(RootFileSystemThatIsDamaged, EndsTheRunWithTheReason) {
  const Outcome wrong_kind = boot_damaged(0, 0);
  EXPECT_EQ(wrong_kind.status, 2) << wrong_kind;
  EXPECT_THAT(wrong_kind, Shows("skerry: cannot boot: the root file system is no EROFS image\n"));
  const Outcome cut_off = boot_damaged(39, 1); // many more blocks
  EXPECT_EQ(cut_off.status, 2) << cut_off;
  EXPECT_THAT(cut_off, Shows("skerry: cannot boot: the root file system is cut off: it has "));
  const Outcome foreign = boot_damaged(80, 1);
  EXPECT_EQ(foreign.status, 2) << foreign;
  EXPECT_THAT(foreign, Shows("the root file system needs the feature compression"));
}

TEST(RootFileSystemOfAnImage, IsReadByNothingInAnImageWithoutOne) {
  const auto holds_reader = [](std::string_view name) {
    const auto bytes = read_bytes(image(name));
    return std::ranges::contains(ElfFile(bytes).symbols(), "__skerry_erofs_root",
                                 &ElfFile::Symbol::name);
  };
  EXPECT_TRUE(holds_reader("root"));
  EXPECT_FALSE(holds_reader("hello"));
}

} // namespace
} // namespace skerry::test
