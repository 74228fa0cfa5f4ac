// SPDX-License-Identifier: Apache-2.0
// A checked view of an ELF64 file; see the header.
#include "elf/elf_file.hpp"

#include "support/failure.hpp"

#include <algorithm>
#include <cstring>

namespace skerry {
namespace {

/// A copy of the T at the start of `bytes`, which must be long enough. Files align nothing.
template <typename T> T load(std::span<const std::byte> bytes) {
  T value;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

template <typename T> std::vector<T> load_table(std::span<const std::byte> bytes) {
  std::vector<T> table(bytes.size() / sizeof(T));
  if (!table.empty())
    std::memcpy(table.data(), bytes.data(), table.size() * sizeof(T));
  return table;
}

/// The text at `offset` of a string table, up to its NUL or the table's end.
std::string_view text_at(std::span<const std::byte> table, std::uint64_t offset) {
  if (offset >= table.size())
    return {};
  const std::string_view rest(reinterpret_cast<const char*>(table.data()) + offset,
                              table.size() - offset);
  return rest.substr(0, rest.find('\0'));
}

constexpr std::size_t note_padded(std::size_t size) {
  return (size + 3) & ~std::size_t{3};
}

} // namespace

bool ElfFile::has_magic(std::span<const std::byte> bytes) {
  return bytes.size() >= SELFMAG && std::memcmp(bytes.data(), ELFMAG, SELFMAG) == 0;
}

ElfFile::ElfFile(std::span<const std::byte> bytes) : bytes_(bytes) {
  if (!has_magic(bytes))
    throw Failure("it is not an ELF file");
  if (bytes.size() < EI_NIDENT || bytes[EI_CLASS] != std::byte{ELFCLASS64} ||
      bytes[EI_DATA] != std::byte{ELFDATA2LSB})
    throw Failure("it is an ELF file, but not of 64 bits and little endian");
  header_ = load<Elf64_Ehdr>(slice(0, sizeof header_, "header"));
  if (header_.e_machine != EM_X86_64)
    throw Failure("it is an ELF file for machine {}, not for x86-64", header_.e_machine);
  if (header_.e_phnum != 0 && header_.e_phentsize != sizeof(Elf64_Phdr))
    throw Failure("its program headers have a size of {} bytes", header_.e_phentsize);
  if (header_.e_shnum != 0 && header_.e_shentsize != sizeof(Elf64_Shdr))
    throw Failure("its section headers have a size of {} bytes", header_.e_shentsize);
  segments_ = load_table<Elf64_Phdr>(
      slice(header_.e_phoff, header_.e_phnum * sizeof(Elf64_Phdr), "program headers"));
  sections_ = load_table<Elf64_Shdr>(
      slice(header_.e_shoff, header_.e_shnum * sizeof(Elf64_Shdr), "section headers"));
}

std::span<const std::byte> ElfFile::slice(std::uint64_t offset, std::uint64_t size,
                                          std::string_view what) const {
  if (size == 0)
    return {};
  if (offset > bytes_.size() || size > bytes_.size() - offset)
    throw Failure("its {} lie outside the file: it is cut short or damaged", what);
  return bytes_.subspan(offset, size);
}

std::string_view ElfFile::section_name(const Elf64_Shdr& section) const {
  if (header_.e_shstrndx >= sections_.size())
    return {};
  return text_at(content(sections_[header_.e_shstrndx]), section.sh_name);
}

std::optional<std::size_t> ElfFile::find_section(std::string_view name) const {
  for (std::size_t i = 0; i < sections_.size(); ++i) {
    if (section_name(sections_[i]) == name)
      return i;
  }
  return std::nullopt;
}

std::span<const std::byte> ElfFile::content(const Elf64_Shdr& section) const {
  if (section.sh_type == SHT_NOBITS)
    return {};
  return slice(section.sh_offset, section.sh_size, "sections");
}

std::vector<ElfFile::Symbol> ElfFile::symbols() const {
  const auto table = std::ranges::find(sections_, SHT_SYMTAB, &Elf64_Shdr::sh_type);
  if (table == sections_.end() || table->sh_link >= sections_.size())
    return {};
  const auto names = content(sections_[table->sh_link]);
  std::vector<Symbol> symbols;
  for (const Elf64_Sym& entry : load_table<Elf64_Sym>(content(*table)))
    symbols.push_back({.name = text_at(names, entry.st_name), .entry = entry});
  return symbols;
}

std::optional<std::span<const std::byte>> ElfFile::find_note(std::string_view owner,
                                                             std::uint32_t type) const {
  for (const Elf64_Phdr& segment : segments_) {
    if (segment.p_type != PT_NOTE)
      continue;
    auto rest = slice(segment.p_offset, segment.p_filesz, "notes");
    while (rest.size() >= sizeof(Elf64_Nhdr)) {
      const auto note = load<Elf64_Nhdr>(rest);
      const std::size_t name_size = note_padded(note.n_namesz);
      rest = rest.subspan(sizeof note);
      if (name_size > rest.size() || note.n_descsz > rest.size() - name_size)
        break;
      const auto descriptor = rest.subspan(name_size, note.n_descsz);
      if (note.n_type == type && text_at(rest.first(note.n_namesz), 0) == owner)
        return descriptor;
      rest = rest.subspan(std::min(rest.size(), name_size + note_padded(note.n_descsz)));
    }
  }
  return std::nullopt;
}

} // namespace skerry
