// SPDX-License-Identifier: Apache-2.0
#include "src/fs/erofs/root_module.hpp"

#include <cstring>
#include <gtest/gtest.h>
#include <initializer_list>
#include <memory>

namespace skerry::fs::erofs {
namespace {

std::unique_ptr<kernel::BootInfo> with_modules(std::initializer_list<const char*> lines) {
  auto info = std::make_unique<kernel::BootInfo>();
  for (const char* line : lines) {
    std::strcpy(info->modules[info->module_count++].command_line, line);
  }
  return info;
}

TEST(RootModule, IsTheOneCalledRootOrTheFirstWithoutAName) {
  EXPECT_EQ(find_root_module(*with_modules({})), nullptr);
  EXPECT_EQ(find_root_module(*with_modules({"other", "rootless"})), nullptr);
  const auto unnamed = with_modules({"other", "", ""});
  EXPECT_EQ(find_root_module(*unnamed), &unnamed->modules[1]);
  const auto named = with_modules({"", "root"});
  EXPECT_EQ(find_root_module(*named), &named->modules[1]);
  const auto with_words = with_modules({"", "root of all"});
  EXPECT_EQ(find_root_module(*with_words), &with_words->modules[1]);
}

TEST(RootModule, LiesInUsableMemory) {
  kernel::BootInfo info;
  const auto add = [&](std::uint64_t start, std::uint64_t size, kernel::MemoryKind kind) {
    info.ranges[info.range_count++] = {.range = {mm::PhysicalAddress(start), size}, .kind = kind};
  };
  add(0x1000, 0x1000, kernel::MemoryKind::usable);
  add(0x2000, 0x1000, kernel::MemoryKind::usable);
  add(0x3000, 0x1000, kernel::MemoryKind::reserved);
  add(0x4000, 0x1000, kernel::MemoryKind::usable);
  const auto fits = [&](std::uint64_t start, std::uint64_t size) {
    return is_in_memory(info, {mm::PhysicalAddress(start), size});
  };
  EXPECT_TRUE(fits(0x1000, 0x2000));
  EXPECT_TRUE(fits(0x1fff, 2));
  EXPECT_TRUE(fits(0x4000, 0x1000));
  EXPECT_FALSE(fits(0xfff, 2));
  EXPECT_FALSE(fits(0x2000, 0x1001)) << "the end is reserved";
  EXPECT_FALSE(fits(0x2000, 0x3000)) << "a hole in the middle";
  EXPECT_FALSE(fits(0x4800, 0x801)) << "past the end of memory";
  EXPECT_FALSE(fits(0x5000, 1));
}

} // namespace
} // namespace skerry::fs::erofs
