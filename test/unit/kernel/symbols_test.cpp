// SPDX-License-Identifier: Apache-2.0
// Tests of the lookup of names in tables that are damaged; those of whole tables are with
// skerry-ld, which writes them (test/unit/tools/symbol_table_test.cpp).
#include <core/symbol_table.hpp>
#include <kernel/symbols.hpp>

#include <cstring>
#include <gtest/gtest.h>
#include <limits>
#include <vector>

namespace skerry::kernel {
namespace {

constexpr std::uint32_t count = 3;

/// Three functions of 16 bytes at 0x1000, 0x2000 and 0x3000, called a, b and c.
struct Table {
  SymbolTableHeader header{.version = symbol_table_version,
                           .function_count = count,
                           .address_table_offset = sizeof(SymbolTableHeader),
                           .name_offset_table_offset = sizeof(SymbolTableHeader) + 24,
                           .names_offset = sizeof(SymbolTableHeader) + 36,
                           .names_size = 6,
                           .image_base = 0x100000,
                           .size_table_offset = sizeof(SymbolTableHeader) + 12};
  std::uint32_t addresses[count] = {0x1000, 0x2000, 0x3000};
  std::uint32_t sizes[count] = {16, 16, 16};
  std::uint32_t name_offsets[count] = {0, 2, 4};
  char names[6] = {'a', 0, 'b', 0, 'c', 0};

  /// The bytes of the table, in memory of exactly their size: the sanitizer sees a read past them.
  [[nodiscard]] std::vector<std::byte> bytes() const {
    std::vector<std::byte> copy(sizeof header + sizeof addresses + sizeof sizes +
                                sizeof name_offsets + sizeof names);
    std::memcpy(copy.data(), this, copy.size());
    return copy;
  }
};

std::string_view name_of(const Table& table, std::uint32_t offset) {
  static std::vector<std::byte> bytes; // the name lies in it
  bytes = table.bytes();
  const auto match = find_symbol(bytes, offset);
  return match ? match->name : "none";
}

TEST(FindSymbol, FindsFunctionAroundAnAddress) {
  EXPECT_EQ(name_of({}, 0x0fff), "none");
  EXPECT_EQ(name_of({}, 0x1000), "a");
  EXPECT_EQ(name_of({}, 0x200f), "b");
  EXPECT_EQ(name_of({}, 0x2fff), "none");
  EXPECT_EQ(name_of({}, 0x3008), "c");
  const auto bytes = Table{}.bytes();
  EXPECT_EQ(find_symbol(bytes, 0x2004)->offset, 4U);
}

TEST(FindSymbol, CountsTheEndOfFunctionAsItsOwn) {
  EXPECT_EQ(name_of({}, 0x1010), "a");
  EXPECT_EQ(name_of({}, 0x1011), "none");
}

TEST(FindSymbol, FindsNothingInTableThatIsNotFilled) {
  const SymbolTableHeader empty;
  EXPECT_FALSE(find_symbol(std::as_bytes(std::span(&empty, 1)), 0x1000));
  EXPECT_FALSE(find_symbol({}, 0x1000));
}

TEST(FindSymbol, FindsNothingInForeignTable) {
  Table other_magic;
  other_magic.header.magic = 1;
  EXPECT_EQ(name_of(other_magic, 0x1000), "none");
  Table other_version;
  other_version.header.version = 2;
  EXPECT_EQ(name_of(other_version, 0x1000), "none");
}

TEST(FindSymbol, StaysInsideTableThatIsCutShort) {
  const auto whole = Table{}.bytes();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::vector<std::byte> cut(whole.begin(),
                                     whole.begin() + static_cast<std::ptrdiff_t>(size));
    for (const std::uint32_t offset : {0U, 0x1000U, 0x2000U, 0x3000U, 0xffffffffU})
      (void)find_symbol(cut, offset);
  }
  const std::vector<std::byte> without_last(whole.begin(), whole.end() - 1);
  EXPECT_FALSE(find_symbol(without_last, 0x3000));
}

TEST(FindSymbol, StaysInsideTableWithAnyWordDamaged) {
  const auto whole = Table{}.bytes();
  constexpr std::uint32_t largest = std::numeric_limits<std::uint32_t>::max();
  for (std::size_t at = sizeof symbol_table_magic; at + sizeof largest <= whole.size(); at += 4) {
    for (const std::uint32_t value : {0U, 1U, 0x7fffffffU, 0x80000000U, largest - 3, largest}) {
      auto damaged = whole;
      std::memcpy(damaged.data() + at, &value, sizeof value);
      for (const std::uint32_t offset : {0U, 0x1000U, 0x2fffU, 0x3000U, largest})
        (void)find_symbol(damaged, offset);
    }
  }
}

TEST(FindSymbol, RefusesNameWithoutItsEnd) {
  Table table;
  table.names[5] = 'x';
  EXPECT_EQ(name_of(table, 0x3000), "none");
  EXPECT_EQ(name_of(table, 0x2000), "b");
}

} // namespace
} // namespace skerry::kernel
