// SPDX-License-Identifier: Apache-2.0
// Multiboot2's boot information: good ones, and every way in which a tag can lie about its size.
#include "platform/x86_64/boot/handoff.hpp"

#include <cstring>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace skerry::x86_64 {
namespace {

using kernel::BootInfo;
using kernel::MemoryKind;

/// Writes a structure as a loader does.
class Builder {
public:
  Builder() { u32(0).u32(0); }

  Builder& u32(std::uint32_t value) { return put(&value, sizeof value); }
  Builder& u64(std::uint64_t value) { return put(&value, sizeof value); }
  Builder& text(std::string_view value) { return put(value.data(), value.size()); }
  Builder& tag(std::uint32_t type, std::uint32_t body_size) {
    bytes_.resize((bytes_.size() + 7) / 8 * 8);
    return u32(type).u32(8 + body_size);
  }
  Builder& command_line(std::string_view line) {
    return tag(1, static_cast<std::uint32_t>(line.size()) + 1).text(line).text({"", 1});
  }
  Builder& module(std::uint32_t start, std::uint32_t end, std::string_view line) {
    const auto size = static_cast<std::uint32_t>(line.size());
    return tag(3, 8 + size + 1).u32(start).u32(end).text(line).text({"", 1});
  }
  Builder& map_entry(std::uint64_t start, std::uint64_t size, std::uint32_t type) {
    return u64(start).u64(size).u32(type).u32(0);
  }
  Builder& end() { return tag(0, 0); }

  [[nodiscard]] const std::vector<std::byte>& bytes() const { return bytes_; }

private:
  Builder& put(const void* data, std::size_t size) {
    const auto* first = static_cast<const std::byte*>(data);
    bytes_.insert(bytes_.end(), first, first + size);
    return *this;
  }

  std::vector<std::byte> bytes_;
};

struct Read {
  explicit Read(std::span<const std::byte> bytes)
      : info(std::make_unique<BootInfo>()), result(read_multiboot2(bytes, *info)) {}

  std::unique_ptr<BootInfo> info;
  Result<> result;
};

Builder whole_structure() {
  Builder builder;
  builder.command_line("quiet -- a b").module(0x20'0000, 0x20'1234, "site.img rest");
  builder.tag(6, 8 + 2 * 24).u32(24).u32(0);
  builder.map_entry(0, 0x9'f000, 1).map_entry(0x10'0000, 0x700'0000, 1);
  builder.tag(14, 20).text("RSD PTR old        .").tag(15, 36);
  builder.text("RSD PTR new                        .");
  return builder.end();
}

TEST(Multiboot2, ReadsTheTagsThatItKnows) {
  const Builder builder = whole_structure();
  const Read read(builder.bytes());
  ASSERT_TRUE(read.result.has_value());
  EXPECT_EQ(read.info->protocol, kernel::BootProtocol::multiboot2);
  EXPECT_EQ(read.info->arguments(), "quiet -- a b");
  ASSERT_EQ(read.info->module_count, 1U);
  EXPECT_EQ(read.info->modules[0].range.start.value(), 0x20'0000U);
  EXPECT_EQ(read.info->modules[0].range.size_bytes, 0x1234U);
  EXPECT_STREQ(read.info->modules[0].command_line, "site.img rest");
  ASSERT_EQ(read.info->range_count, 2U);
  EXPECT_EQ(read.info->ranges[1].range.start.value(), 0x10'0000U);
  EXPECT_EQ(read.info->ranges[1].range.size_bytes, 0x700'0000U);
  EXPECT_EQ(read.info->ranges[1].kind, MemoryKind::usable);
}

TEST(Multiboot2, PrefersTheNewerRootPointerInEitherOrder) {
  for (const bool newer_first : {false, true}) {
    Builder builder;
    builder.tag(newer_first ? 15 : 14, 4).text(newer_first ? "new!" : "old!");
    builder.tag(newer_first ? 14 : 15, 4).text(newer_first ? "old!" : "new!").end();
    const Read read(builder.bytes());
    ASSERT_TRUE(read.result.has_value());
    const auto* root = reinterpret_cast<const char*>(read.info->acpi_root.value());
    EXPECT_EQ(std::string_view(root, 4), "new!");
  }
}

TEST(Multiboot2, PassesOverTagsThatItDoesNotKnow) {
  Builder builder;
  builder.tag(8, 3).text("fb?").tag(0xffff'ffff, 0).command_line("x").end();
  const Read read(builder.bytes());
  ASSERT_TRUE(read.result.has_value());
  EXPECT_EQ(read.info->arguments(), "x");
}

TEST(Multiboot2, StopsAtTheEndTag) {
  Builder builder;
  builder.command_line("before").end().command_line("behind").end();
  EXPECT_EQ(Read(builder.bytes()).info->arguments(), "before");
}

TEST(Multiboot2, RefusesAStructureThatIsCutShortAnywhere) {
  const Builder builder = whole_structure();
  const std::size_t size = builder.bytes().size();
  for (std::size_t length = 0; length < size; ++length) {
    // A copy of the exact size, so that the sanitizer sees every access past the end.
    const std::vector<std::byte> cut(builder.bytes().begin(),
                                     builder.bytes().begin() + static_cast<long>(length));
    const Read read(cut);
    EXPECT_EQ(read.result.has_value(), length == size) << length;
  }
}

TEST(Multiboot2, RefusesTagsWhoseSizeIsImpossible) {
  for (const std::uint32_t size : {0U, 1U, 7U, 17U, 0x7fff'ffffU, 0xffff'fff8U, 0xffff'ffffU}) {
    Builder builder;
    builder.u32(1).u32(size).u32(0).u32(0);
    const Read read(builder.bytes());
    EXPECT_EQ(read.result.error(), std::errc::invalid_argument) << size;
  }
}

TEST(Multiboot2, RefusesAMapWhoseEntriesAreTooSmall) {
  for (const std::uint32_t step : {0U, 1U, 20U, 23U}) {
    Builder builder;
    builder.tag(6, 8 + 24).u32(step).u32(0).map_entry(0, 0x10'0000, 1).end();
    EXPECT_EQ(Read(builder.bytes()).result.error(), std::errc::invalid_argument) << step;
  }
  Builder headless;
  headless.tag(6, 4).u32(24).end();
  EXPECT_FALSE(Read(headless.bytes()).result.has_value());
}

TEST(Multiboot2, TakesEntriesThatHaveGrownAndLeavesHalfAnEntryOut) {
  Builder builder;
  builder.tag(6, 8 + 32 + 32 + 10).u32(32).u32(1);
  builder.map_entry(0, 0x1000, 1).u64(0).map_entry(0x5000, 0x1000, 2).u64(0).text("half entry");
  builder.end();
  const Read read(builder.bytes());
  ASSERT_TRUE(read.result.has_value());
  ASSERT_EQ(read.info->range_count, 2U);
  EXPECT_EQ(read.info->ranges[1].range.start.value(), 0x5000U);
}

TEST(Multiboot2, RefusesModulesThatEndBeforeTheyStart) {
  Builder builder;
  builder.module(0x2000, 0x1000, "").end();
  EXPECT_FALSE(Read(builder.bytes()).result.has_value());
  Builder short_body;
  short_body.tag(3, 4).u32(0x1000).end();
  EXPECT_FALSE(Read(short_body.bytes()).result.has_value());
}

TEST(Multiboot2, CountsModulesForWhichThereIsNoRoom) {
  Builder builder;
  for (std::uint32_t i = 0; i < BootInfo::max_modules + 3; ++i) {
    builder.module(0x1000 * i, 0x1000 * i + 5, "m");
  }
  builder.end();
  const Read read(builder.bytes());
  ASSERT_TRUE(read.result.has_value());
  EXPECT_EQ(read.info->module_count, BootInfo::max_modules);
  EXPECT_EQ(read.info->modules_dropped, 3U);
}

TEST(Multiboot2, CutsTextsThatAreTooLongAndKeepsTheirEnds) {
  const std::string longest(BootInfo::max_command_line, 'x');
  Builder exact;
  exact.command_line(longest).module(0, 1, std::string(500, 'y')).end();
  const Read fits(exact.bytes());
  EXPECT_EQ(fits.info->arguments(), longest);
  EXPECT_FALSE(fits.info->command_line_truncated);
  EXPECT_EQ(std::strlen(fits.info->modules[0].command_line), 63U);

  Builder over;
  over.command_line(longest + "z").end();
  const Read cut(over.bytes());
  EXPECT_EQ(cut.info->arguments(), longest);
  EXPECT_TRUE(cut.info->command_line_truncated);
}

TEST(Multiboot2, TakesATextWithoutItsZero) {
  Builder builder;
  builder.tag(1, 3).text("abc").end();
  EXPECT_EQ(Read(builder.bytes()).info->arguments(), "abc");
}

} // namespace
} // namespace skerry::x86_64
