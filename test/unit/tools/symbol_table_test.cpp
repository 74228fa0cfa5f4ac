// SPDX-License-Identifier: Apache-2.0
// Tests of the way of function names from the linker into the kernel's lookup.
#include "failure.hpp"
#include "link/symbol_table.hpp"
#include "support/file.hpp"
#include "support/process.hpp"

#include <core/symbol_table.hpp>
#include <kernel/symbols.hpp>

#include <algorithm>
#include <cstring>
#include <gtest/gtest.h>

namespace skerry::link {
namespace {

using kernel::find_symbol;
using test::failure_of;

std::string found(std::span<const std::byte> table, std::uint32_t offset) {
  const auto match = find_symbol(table, offset);
  return match ? std::format("{}+{}", match->name, match->offset) : "none";
}

/// The content of an image's table.
std::vector<std::byte> table_of(const std::vector<std::byte>& image) {
  const ElfFile elf(image);
  const auto content = elf.content(elf.sections()[elf.find_section(".skerry.symbols").value()]);
  return {content.begin(), content.end()};
}

TEST(SymbolTable, FindsWhatWasPutIn) {
  const std::vector<Function> functions{
      {.offset = 16, .size = 8, .name = "first"},
      {.offset = 32, .size = 0, .name = "unknown size"},
      {.offset = 64, .size = 4, .name = "first"},
  };
  const auto table = make_symbol_table(functions, 0x100000);
  EXPECT_EQ(found(table, 15), "none");
  EXPECT_EQ(found(table, 16), "first+0");
  EXPECT_EQ(found(table, 24), "first+8"); // the return address of a last call
  EXPECT_EQ(found(table, 25), "none");
  EXPECT_EQ(found(table, 63), "unknown size+31");
  EXPECT_EQ(found(table, 64), "first+0");
  EXPECT_EQ(found(table, 0xffffffff), "none");
}

TEST(SymbolTable, StoresEqualNamesOnce) {
  const std::vector<Function> functions{{.offset = 0, .size = 1, .name = "same"},
                                        {.offset = 1, .size = 1, .name = "same"}};
  const auto table = make_symbol_table(functions, 0);
  EXPECT_EQ(table.size(), sizeof(SymbolTableHeader) + 2 * 3 * sizeof(std::uint32_t) + 5);
}

TEST(SymbolTable, FindsNothingAmongNoFunctions) {
  EXPECT_EQ(found(make_symbol_table({}, 0), 0), "none");
}

TEST(LinkedImage, HoldsTheNamesOfItsFunctions) {
  const auto image = read_bytes(SAMPLE_IMAGE);
  const auto table = table_of(image);
  const ElfFile elf(image);
  const auto functions = collect_functions(elf);
  std::vector<std::string> names;
  for (const Function& function : functions) {
    names.push_back(function.name);
    EXPECT_EQ(found(table, function.offset), function.name + "+0");
    EXPECT_EQ(found(table, function.offset + function.size - 1),
              std::format("{}+{}", function.name, function.size - 1));
  }
  std::ranges::sort(names);
  EXPECT_EQ(names, (std::vector<std::string>{"sample::(anonymous namespace)::hidden(int)",
                                             "sample::Pair<int, short>::sum(int, short) const",
                                             "sample::visible(int)", "start"}));
}

TEST(LinkedImage, HasItsTableInTheLastSegment) {
  const auto image = read_bytes(SAMPLE_IMAGE);
  const ElfFile elf(image);
  const Elf64_Shdr& section = elf.sections()[elf.find_section(".skerry.symbols").value()];
  const Elf64_Phdr& segment = elf.segments().back();
  EXPECT_EQ(segment.p_type, PT_LOAD);
  EXPECT_EQ(segment.p_offset, section.sh_offset);
  EXPECT_EQ(segment.p_offset % segment.p_align, segment.p_vaddr % segment.p_align);
  EXPECT_EQ(segment.p_filesz, section.sh_size);
  EXPECT_EQ(segment.p_memsz, section.sh_size);
  EXPECT_FALSE(elf.symbols().empty()); // for the debugger
}

TEST(LinkedImage, KeepsItsTableWhenStripped) {
  const TemporaryFolder folder;
  const auto stripped = folder.path() / "stripped";
  const Captured run =
      run_captured({.arguments = {"llvm-strip-19", SAMPLE_IMAGE, "-o", stripped.string()},
                    .output = Stream::pipe,
                    .error = Stream::pipe},
                   deadline_in(std::chrono::minutes(1)));
  ASSERT_TRUE(run.status.success()) << run.error;
  const auto image = read_bytes(stripped);
  EXPECT_TRUE(ElfFile(image).symbols().empty());
  EXPECT_EQ(table_of(image), table_of(read_bytes(SAMPLE_IMAGE)));
}

TEST(WithSymbolTable, LeavesFilledTableAlone) {
  EXPECT_TRUE(with_symbol_table(read_bytes(SAMPLE_IMAGE)).empty());
}

TEST(WithSymbolTable, LeavesObjectFilesAndOthersAlone) {
  EXPECT_TRUE(with_symbol_table(read_bytes(SAMPLE_OBJECT)).empty());
  EXPECT_TRUE(with_symbol_table(read_bytes(TINY_IMAGE)).empty());
  EXPECT_TRUE(with_symbol_table(std::as_bytes(std::span("flat binary"))).empty());
}

TEST(WithSymbolTable, FillsImageOfPlainLinkerInTheSameWay) {
  const auto filled = with_symbol_table(read_bytes(PLAIN_IMAGE));
  EXPECT_EQ(filled, read_bytes(SAMPLE_IMAGE));
}

TEST(WithSymbolTable, RefusesSectionThatIsNotAloneInTheLastSegment) {
  auto image = read_bytes(PLAIN_IMAGE);
  const ElfFile elf(image);
  Elf64_Phdr segment = elf.segments().back();
  segment.p_memsz += 8;
  std::memcpy(image.data() + elf.header().e_phoff +
                  (elf.segments().size() - 1) * sizeof(Elf64_Phdr),
              &segment, sizeof segment);
  EXPECT_EQ(failure_of([&] { (void)with_symbol_table(image); }),
            "section .skerry.symbols: expected it alone, and aligned, in the last segment");
}

TEST(WithSymbolTable, RefusesSectionWithoutItsMagicNumber) {
  auto image = read_bytes(PLAIN_IMAGE);
  const ElfFile elf(image);
  const auto section = elf.find_section(".skerry.symbols").value();
  image[elf.sections()[section].sh_offset] = std::byte{0};
  EXPECT_EQ(failure_of([&] { (void)with_symbol_table(image); }),
            "section .skerry.symbols: it does not begin with its magic number");
}

} // namespace
} // namespace skerry::link
