// SPDX-License-Identifier: Apache-2.0
// A read-only view of an ELF64 file for x86-64, checked against the file's size wherever it looks.
// Specification: System V ABI (gABI), chapters 4 and 5.
#pragma once

#include <cstddef>
#include <cstdint>
#include <elf.h>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace skerry {

class ElfFile {
public:
  /// True when `bytes` begin with ELF's magic, of whatever class and machine.
  [[nodiscard]] static bool has_magic(std::span<const std::byte> bytes);

  /// Throws Failure when `bytes` are no ELF64 for x86-64, little endian, or when its tables lie
  /// outside the file. `bytes` must outlive the view.
  explicit ElfFile(std::span<const std::byte> bytes);

  [[nodiscard]] const Elf64_Ehdr& header() const { return header_; }
  [[nodiscard]] std::span<const Elf64_Phdr> segments() const { return segments_; }
  [[nodiscard]] std::span<const Elf64_Shdr> sections() const { return sections_; }

  [[nodiscard]] std::string_view section_name(const Elf64_Shdr& section) const;
  /// Index of the section of that name.
  [[nodiscard]] std::optional<std::size_t> find_section(std::string_view name) const;
  /// What the file holds for a section; empty for SHT_NOBITS.
  [[nodiscard]] std::span<const std::byte> content(const Elf64_Shdr& section) const;

  struct Symbol {
    std::string_view name;
    Elf64_Sym entry;
  };
  /// The whole of .symtab; empty for a stripped file.
  [[nodiscard]] std::vector<Symbol> symbols() const;

  /// The descriptor of the first note with that owner and type, looked for in PT_NOTE.
  [[nodiscard]] std::optional<std::span<const std::byte>> find_note(std::string_view owner,
                                                                    std::uint32_t type) const;

private:
  [[nodiscard]] std::span<const std::byte> slice(std::uint64_t offset, std::uint64_t size,
                                                 std::string_view what) const;

  std::span<const std::byte> bytes_;
  Elf64_Ehdr header_{};
  std::vector<Elf64_Phdr> segments_;
  std::vector<Elf64_Shdr> sections_;
};

} // namespace skerry
