// SPDX-License-Identifier: Apache-2.0
// From an address in the image to the name of its function.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace skerry::kernel {

struct SymbolMatch {
  std::string_view name; ///< lies in the table
  std::uint32_t offset;  ///< in bytes, from the function's beginning
};

/// Looks up the function at `image_offset` bytes from the image's base in a table as
/// core/symbol_table.hpp describes it. None when there is no such function or the table is empty,
/// damaged or cut short.
///
/// The end of a function still belongs to it where nothing else begins there, since the return
/// address of a last call that never returns lies at it.
///
/// Context: any, also in a panic. Allocates nothing, takes no lock, reads nothing but `table`.
[[nodiscard]] std::optional<SymbolMatch> find_symbol(std::span<const std::byte> table,
                                                     std::uint32_t image_offset);

} // namespace skerry::kernel
