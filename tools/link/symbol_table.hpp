// SPDX-License-Identifier: Apache-2.0
// Makes the table of core/symbol_table.hpp from an image's ELF symbols and puts it into the image.
#pragma once

#include "elf/elf_file.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace skerry::link {

struct Function {
  std::uint32_t offset; ///< from the image's base
  std::uint32_t size;   ///< 0: not known
  std::string name;     ///< as it is to be shown

  bool operator==(const Function&) const = default;
};

/// The lowest address that the image's segments occupy.
[[nodiscard]] std::uint64_t image_base(const ElfFile& image);

/// The functions of .symtab, one an address (a global name before a local one), ascending.
[[nodiscard]] std::vector<Function> collect_functions(const ElfFile& image);

/// The bytes of the table. `functions` ascend by offset.
[[nodiscard]] std::vector<std::byte> make_symbol_table(std::span<const Function> functions,
                                                       std::uint64_t image_base);

/// The image with its table filled: the table is added at the end, section and segment lead to it.
/// Empty when there is nothing to do: no section `.skerry.symbols`, a file that is not linked to
/// its end (`ld -r`), no symbols, or a table that is filled already. Throws Failure when the
/// section is not laid out as core/symbol_table.hpp wants it.
[[nodiscard]] std::vector<std::byte> with_symbol_table(std::span<const std::byte> file);

/// Fills the table of the image at `path`, in one step. True when there was something to do.
bool fill_symbol_table(const std::filesystem::path& path);

} // namespace skerry::link
