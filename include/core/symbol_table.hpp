// SPDX-License-Identifier: Apache-2.0
// The names of an image's functions, as a table inside the image, for backtraces: tools/link writes
// it after the link, include/kernel/symbols.hpp reads it. The linker script puts the section
// `.skerry.symbols` alone into the last PT_LOAD segment, so that the table can be any size.
//
// The table is little endian: this header, then in any order
//   addresses     function_count × u32   where functions begin, from image_base on, ascending
//   sizes         function_count × u32   in bytes; 0: not known
//   name offsets  function_count × u32   from names_offset on
//   names         names_size bytes       each ended by a NUL; equal names are stored once
//
// Every offset counts from the header's first byte. Before the link's last step a table is the
// magic and zeros, which reads as one without functions.
#pragma once

#include <cstddef>
#include <cstdint>

namespace skerry {

inline constexpr std::uint64_t symbol_table_magic = 0x534c4f424d595331;
inline constexpr std::uint32_t symbol_table_version = 1;

struct SymbolTableHeader {
  std::uint64_t magic = symbol_table_magic;
  std::uint32_t version = 0; ///< 0 until the table is filled
  std::uint32_t function_count = 0;
  std::uint32_t address_table_offset = 0;
  std::uint32_t name_offset_table_offset = 0;
  std::uint32_t names_offset = 0;
  std::uint32_t names_size = 0;
  std::uint64_t image_base = 0; ///< the image's lowest address, as it was linked
  std::uint32_t size_table_offset = 0;
  std::uint32_t reserved[5] = {};
};

static_assert(sizeof(SymbolTableHeader) == 64);
static_assert(offsetof(SymbolTableHeader, version) == 8);
static_assert(offsetof(SymbolTableHeader, function_count) == 12);
static_assert(offsetof(SymbolTableHeader, address_table_offset) == 16);
static_assert(offsetof(SymbolTableHeader, name_offset_table_offset) == 20);
static_assert(offsetof(SymbolTableHeader, names_offset) == 24);
static_assert(offsetof(SymbolTableHeader, names_size) == 28);
static_assert(offsetof(SymbolTableHeader, image_base) == 32);
static_assert(offsetof(SymbolTableHeader, size_table_offset) == 40);

} // namespace skerry
