// SPDX-License-Identifier: Apache-2.0
// Looks up names in the image's symbol table. The table is read after memory may have been damaged,
// so every offset in it is checked before use, and the search ends whatever the table holds.
#include <core/symbol_table.hpp>
#include <kernel/symbols.hpp>

#include <cstring>

namespace skerry::kernel {
namespace {

/// What stands in `.skerry.symbols` until skerry-ld has seen the image.
[[gnu::section(".skerry.symbols"), gnu::used]] constexpr SymbolTableHeader empty_table;

template <typename T>
std::optional<T> load(std::span<const std::byte> table, std::uint64_t offset) {
  if (offset > table.size() || table.size() - offset < sizeof(T)) {
    return std::nullopt;
  }
  T value;
  std::memcpy(&value, table.data() + offset, sizeof(T));
  return value;
}

/// The entry `index` of one of the tables of u32.
std::optional<std::uint32_t> entry(std::span<const std::byte> table, std::uint32_t table_offset,
                                   std::uint32_t index) {
  return load<std::uint32_t>(table, table_offset + std::uint64_t{index} * sizeof(std::uint32_t));
}

/// Index of the last function that begins at or before `image_offset`.
std::optional<std::uint32_t> find_index(std::span<const std::byte> table,
                                        const SymbolTableHeader& header,
                                        std::uint32_t image_offset) {
  std::uint32_t begin = 0; // functions before it begin at or before image_offset
  std::uint32_t end = header.function_count;
  while (begin < end) {
    const std::uint32_t middle = begin + (end - begin) / 2;
    const auto address = entry(table, header.address_table_offset, middle);
    if (!address) {
      return std::nullopt;
    }
    if (*address <= image_offset) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin == 0 ? std::nullopt : std::optional(begin - 1);
}

/// The name that begins at `offset` of the names; none when its NUL lies outside.
std::optional<std::string_view> name_at(std::span<const std::byte> table,
                                        const SymbolTableHeader& header, std::uint32_t offset) {
  const std::uint64_t start = std::uint64_t{header.names_offset} + offset;
  const std::uint64_t end = std::uint64_t{header.names_offset} + header.names_size;
  if (end > table.size()) {
    return std::nullopt;
  }
  for (std::uint64_t i = start; i < end; ++i) {
    if (table[i] == std::byte{0}) {
      return std::string_view(reinterpret_cast<const char*>(table.data()) + start, i - start);
    }
  }
  return std::nullopt;
}

} // namespace

std::optional<SymbolMatch> find_symbol(std::span<const std::byte> table,
                                       std::uint32_t image_offset) {
  const auto header = load<SymbolTableHeader>(table, 0);
  if (!header || header->magic != symbol_table_magic || header->version != symbol_table_version) {
    return std::nullopt;
  }
  const auto index = find_index(table, *header, image_offset);
  if (!index) {
    return std::nullopt;
  }
  const auto address = entry(table, header->address_table_offset, *index);
  const auto size = entry(table, header->size_table_offset, *index);
  const auto name_offset = entry(table, header->name_offset_table_offset, *index);
  if (!address || !size || !name_offset || *address > image_offset) {
    return std::nullopt;
  }
  const std::uint32_t offset = image_offset - *address;
  if (*size != 0 && offset > *size) {
    return std::nullopt;
  }
  const auto name = name_at(table, *header, *name_offset);
  if (!name) {
    return std::nullopt;
  }
  return SymbolMatch{.name = *name, .offset = offset};
}

} // namespace skerry::kernel
