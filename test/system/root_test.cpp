// SPDX-License-Identifier: Apache-2.0
// An image with a root file system (test/images/root.cpp), and what happens when that is damaged.
#include "elf/elf_file.hpp"
#include "machines.hpp"
#include "support/file.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <tuple>

namespace skerry::test {
namespace {

constexpr std::size_t page = 4096;
constexpr std::size_t superblock = 1024;
constexpr std::string_view magic = "\xe2\xe1\xf5\xe0";

/// Inside the image, and beside it as a boot module.
class RootFileSystem : public testing::TestWithParam<std::tuple<Way, std::string>> {};

TEST_P(RootFileSystem, IsReadMappedAndNotChanged) {
  const auto& [way, image_name] = GetParam();
  const Outcome outcome = boot(way, image_name, "quiet");
  EXPECT_EQ(outcome.status, 0) << outcome;
  EXPECT_THAT(outcome, Shows("erofs / erofs ro 0 0\ndevtmpfs /dev devtmpfs rw 0 0\n"
                             "proc /proc proc rw 0 0\nsysfs /sys sysfs rw 0 0\n"
                             "tmpfs /run tmpfs rw 0 0\n"
                             "tmpfs /tmp tmpfs rw 0 0\ntmpfs /var/cache tmpfs rw 0 0\n"
                             "0 differences\n"));
}

INSTANTIATE_TEST_SUITE_P(Ways, RootFileSystem,
                         testing::Combine(testing::ValuesIn(every_way),
                                          testing::Values("root", "root_beside")),
                         [](const auto& info) {
                           return std::string(name(std::get<0>(info.param))) + "_" +
                                  std::get<1>(info.param);
                         });

vm::KernelBoot& kernel_boot(vm::Machine& machine) {
  return std::get<vm::KernelBoot>(machine.boot);
}

TEST(RootBesideTheImage, IsMissedWithWords) {
  const Outcome outcome = boot(Way::q35, "root_beside", "quiet",
                               [](vm::Machine& machine) { kernel_boot(machine).module.clear(); });
  EXPECT_EQ(outcome.status, 2) << outcome;
  EXPECT_THAT(outcome,
              Shows("skerry: cannot boot: the root file system is to come beside the image, "
                    "and none came; expected it as a boot module"));
}

TEST(RootBesideTheImage, IsCheckedAsOneInsideIs) {
  const auto cut_off = [](vm::Machine& machine, const std::filesystem::path& to) {
    auto bytes = read_bytes(kernel_boot(machine).module);
    bytes.resize(bytes.size() - page);
    replace_file(to, bytes);
    kernel_boot(machine).module = to;
  };
  const TemporaryFolder folder;
  const Outcome outcome = boot(Way::pc, "root_beside", "quiet", [&](vm::Machine& machine) {
    cut_off(machine, folder.path() / "short");
  });
  EXPECT_EQ(outcome.status, 2) << outcome;
  EXPECT_THAT(outcome, Shows("skerry: cannot boot: the root file system is cut off: it has "));
}

TEST(RootBesideTheImage, WinsOverTheOneInside) {
  const TemporaryFolder folder;
  replace_file(folder.path() / "root", std::string_view("no file system"));
  const Outcome outcome = boot(Way::q35, "root", "quiet", [&](vm::Machine& machine) {
    kernel_boot(machine).module = folder.path() / "root";
  });
  EXPECT_EQ(outcome.status, 2) << outcome;
  EXPECT_THAT(outcome,
              Shows("skerry: cannot boot: the root file system is too short for an EROFS image"));
}

TEST(RootBesideTheImage, IsRefusedByAnImageThatHasNoUseForIt) {
  const Outcome outcome = boot(Way::q35, "where", "quiet", [](vm::Machine& machine) {
    kernel_boot(machine).module = image("root_beside").string() + ".root";
  });
  EXPECT_EQ(outcome.status, 2) << outcome;
  EXPECT_THAT(outcome, Shows("skerry: cannot boot: the loader brought a boot module, and the image "
                             "has no use for one"));
}

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
    kernel_boot(machine).image = folder.path() / "damaged";
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
