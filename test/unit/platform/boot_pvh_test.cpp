// SPDX-License-Identifier: Apache-2.0
// PVH's start_info, in a memory that knows what it has: pointers that lead nowhere are refused.
#include "platform/x86_64/boot/handoff.hpp"

#include <cstring>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace skerry::x86_64 {
namespace {

using kernel::BootInfo;
using kernel::MemoryKind;

constexpr std::uint64_t start_at = 0x1000;
constexpr std::uint64_t map_at = 0x2000;
constexpr std::uint64_t modules_at = 0x3000;
constexpr std::uint64_t text_at = 0x4000;

/// Pieces of physical memory, each a heap block, so that the sanitizer guards its edges.
std::map<std::uint64_t, std::vector<std::byte>>& memory() {
  static std::map<std::uint64_t, std::vector<std::byte>> pieces;
  return pieces;
}

const std::byte* read_memory(std::uint64_t address, std::uint64_t size) {
  auto piece = memory().upper_bound(address);
  if (piece == memory().begin()) {
    return nullptr;
  }
  --piece;
  const std::uint64_t offset = address - piece->first;
  const std::uint64_t length = piece->second.size();
  return offset <= length && size <= length - offset ? piece->second.data() + offset : nullptr;
}

class Writer {
public:
  explicit Writer(std::uint64_t address) : bytes_(memory()[address]) { bytes_.clear(); }
  Writer& u32(std::uint32_t value) { return put(&value, sizeof value); }
  Writer& u64(std::uint64_t value) { return put(&value, sizeof value); }
  Writer& text(std::string_view value) { return put(value.data(), value.size()); }

private:
  Writer& put(const void* data, std::size_t size) {
    const auto* first = static_cast<const std::byte*>(data);
    bytes_.insert(bytes_.end(), first, first + size);
    return *this;
  }

  std::vector<std::byte>& bytes_;
};

struct StartInfo {
  std::uint32_t magic = pvh_magic;
  std::uint32_t version = 1;
  std::uint32_t module_count = 0;
  std::uint64_t modules = 0;
  std::uint64_t command_line = 0;
  std::uint64_t root_pointer = 0;
  std::uint64_t memory_map = map_at;
  std::uint32_t map_entries = 1;

  void write() const {
    Writer(start_at)
        .u32(magic)
        .u32(version)
        .u32(0)
        .u32(module_count)
        .u64(modules)
        .u64(command_line)
        .u64(root_pointer)
        .u64(memory_map)
        .u32(map_entries)
        .u32(0);
  }
};

class Pvh : public testing::Test {
protected:
  Pvh() {
    memory().clear();
    Writer(map_at).u64(0x10'0000).u64(0x700'0000).u32(1).u32(0);
  }

  Result<> read() {
    start.write();
    info = std::make_unique<BootInfo>();
    return read_pvh(start_at, read_memory, *info);
  }

  StartInfo start;
  std::unique_ptr<BootInfo> info;
};

TEST_F(Pvh, ReadsMapCommandLineModulesAndRootPointer) {
  start.command_line = text_at;
  start.root_pointer = 0xe0000;
  start.modules = modules_at;
  start.module_count = 1;
  Writer(text_at).text(std::string("quiet -- x\0junk", 15)).text(std::string(3000, '.'));
  Writer(modules_at).u64(0x50'0000).u64(0x1000).u64(text_at).u64(0);
  ASSERT_TRUE(read().has_value());
  EXPECT_EQ(info->protocol, kernel::BootProtocol::pvh);
  EXPECT_EQ(info->arguments(), "quiet -- x");
  EXPECT_EQ(info->acpi_root.value(), 0xe0000U);
  ASSERT_EQ(info->range_count, 1U);
  EXPECT_EQ(info->ranges[0].range.size_bytes, 0x700'0000U);
  EXPECT_EQ(info->ranges[0].kind, MemoryKind::usable);
  ASSERT_EQ(info->module_count, 1U);
  EXPECT_EQ(info->modules[0].range.start.value(), 0x50'0000U);
  EXPECT_STREQ(info->modules[0].command_line, "quiet -- x");
}

TEST_F(Pvh, RefusesAnotherMagic) {
  start.magic = 0x2bad'b002;
  EXPECT_EQ(read().error(), std::errc::invalid_argument);
}

TEST_F(Pvh, RefusesAnAddressOutOfReach) {
  const auto fresh = std::make_unique<BootInfo>();
  EXPECT_EQ(read_pvh(0, read_memory, *fresh).error(), std::errc::bad_address);
  start.write();
  memory()[start_at].resize(55);
  EXPECT_EQ(read_pvh(start_at, read_memory, *fresh).error(), std::errc::bad_address);
}

TEST_F(Pvh, SaysThatVersion0HasNoMap) {
  start.version = 0;
  start.command_line = text_at;
  Writer(text_at).text(std::string("dom0\0", 5));
  EXPECT_EQ(read().error(), std::errc::no_such_device);
  EXPECT_EQ(info->arguments(), "dom0");
  EXPECT_EQ(info->range_count, 0U);
}

TEST_F(Pvh, RefusesMapsThatNoMachineHas) {
  for (const std::uint32_t count : {0U, 4097U, 0xffff'ffffU}) {
    start.map_entries = count;
    EXPECT_EQ(read().error(), std::errc::no_such_device) << count;
  }
}

TEST_F(Pvh, RefusesAMapThatIsNotAllThere) {
  start.map_entries = 2;
  EXPECT_EQ(read().error(), std::errc::bad_address);
  start.memory_map = ~std::uint64_t{0};
  EXPECT_EQ(read().error(), std::errc::bad_address);
}

TEST_F(Pvh, KeepsAsMuchOfTheCommandLineAsCanBeReached) {
  start.command_line = text_at;
  Writer(text_at).text("abcd"); // no zero, and nothing behind it
  ASSERT_TRUE(read().has_value());
  EXPECT_EQ(info->arguments(), "abcd");
}

TEST_F(Pvh, GoesWithoutACommandLineThatCannotBeReached) {
  start.command_line = 0xdead'0000'0000;
  ASSERT_TRUE(read().has_value());
  EXPECT_EQ(info->arguments(), "");
}

TEST_F(Pvh, NotesACommandLineThatIsTooLong) {
  start.command_line = text_at;
  Writer(text_at).text(std::string(BootInfo::max_command_line + 1, 'x'));
  ASSERT_TRUE(read().has_value());
  EXPECT_TRUE(info->command_line_truncated);
  EXPECT_EQ(info->arguments().size(), BootInfo::max_command_line);
}

TEST_F(Pvh, CountsModulesThatCannotBeTaken) {
  start.modules = modules_at;
  start.module_count = 0xffff'ffff;
  Writer modules(modules_at);
  for (std::uint64_t i = 0; i < BootInfo::max_modules; ++i) {
    modules.u64(0x10'0000 * i).u64(i == 1 ? ~std::uint64_t{0} : 10).u64(0).u64(0);
  }
  ASSERT_TRUE(read().has_value());
  EXPECT_EQ(info->module_count, BootInfo::max_modules - 1); // the second one wraps
  EXPECT_EQ(info->modules_dropped, 0xffff'ffffU - BootInfo::max_modules + 1);

  start.modules = 0xdead'0000;
  ASSERT_TRUE(read().has_value());
  EXPECT_EQ(info->module_count, 0U);
  EXPECT_EQ(info->modules_dropped, 0xffff'ffffU);
}

} // namespace
} // namespace skerry::x86_64
