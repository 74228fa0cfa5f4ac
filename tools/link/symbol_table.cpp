// SPDX-License-Identifier: Apache-2.0
// Makes and fills in the image's symbol table; see the header.
#include "link/symbol_table.hpp"

#include "link/names.hpp"
#include "support/failure.hpp"
#include "support/file.hpp"

#include <core/symbol_table.hpp>

#include <algorithm>
#include <cstring>
#include <limits>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

namespace skerry::link {
namespace {

constexpr std::string_view section_name = ".skerry.symbols";

bool is_function(const ElfFile& image, const ElfFile::Symbol& symbol) {
  const auto section = symbol.entry.st_shndx;
  return ELF64_ST_TYPE(symbol.entry.st_info) == STT_FUNC && !symbol.name.empty() &&
         section != SHN_UNDEF && section < image.sections().size() &&
         (image.sections()[section].sh_flags & SHF_EXECINSTR) != 0;
}

/// Among the names of one address, the one to show: global, then weak, then local; of equals the
/// shortest, then the first in the alphabet, so that builds repeat.
auto preference(const ElfFile::Symbol& symbol) {
  const auto binding = ELF64_ST_BIND(symbol.entry.st_info);
  const int rank = binding == STB_GLOBAL ? 0 : binding == STB_WEAK ? 1 : 2;
  return std::tuple(symbol.entry.st_value, rank, symbol.name.size(), symbol.name);
}

template <typename T> void store(std::span<std::byte> bytes, std::uint64_t offset, const T& value) {
  std::memcpy(bytes.data() + offset, &value, sizeof value);
}

void append_words(std::vector<std::byte>& bytes, const std::vector<std::uint32_t>& words) {
  const auto raw = std::as_bytes(std::span(words));
  bytes.insert(bytes.end(), raw.begin(), raw.end());
}

std::uint32_t size_of(const std::vector<std::byte>& bytes) {
  if (bytes.size() > std::numeric_limits<std::uint32_t>::max())
    throw Failure("the symbol table is larger than 4 GiB");
  return static_cast<std::uint32_t>(bytes.size());
}

/// Names one after the other, each once.
class NamePool {
public:
  std::uint32_t add(const std::string& name) {
    const auto [entry, is_new] = offsets_.try_emplace(name, size_of(bytes_));
    if (is_new) {
      const auto raw = std::as_bytes(std::span(name.c_str(), name.size() + 1));
      bytes_.insert(bytes_.end(), raw.begin(), raw.end());
    }
    return entry->second;
  }
  [[nodiscard]] const std::vector<std::byte>& bytes() const { return bytes_; }

private:
  std::map<std::string, std::uint32_t> offsets_;
  std::vector<std::byte> bytes_;
};

/// Section and segment of the table, by their places in the ELF headers.
struct Slot {
  std::size_t section;
  std::size_t segment;
};

Slot find_slot(const ElfFile& image, std::size_t section) {
  const Elf64_Shdr& header = image.sections()[section];
  std::size_t last = image.segments().size();
  for (std::size_t i = 0; i < image.segments().size(); ++i) {
    const Elf64_Phdr& segment = image.segments()[i];
    if (segment.p_type == PT_LOAD &&
        (last == image.segments().size() || segment.p_vaddr > image.segments()[last].p_vaddr))
      last = i;
  }
  if (last == image.segments().size())
    throw Failure("section {} lies in no segment", section_name);
  const Elf64_Phdr& segment = image.segments()[last];
  const bool alone = segment.p_offset == header.sh_offset && segment.p_vaddr == header.sh_addr &&
                     segment.p_filesz == header.sh_size && segment.p_memsz == header.sh_size;
  const bool aligned = segment.p_align != 0 && segment.p_vaddr % segment.p_align == 0;
  if (!alone || !aligned)
    throw Failure("section {}: expected it alone, and aligned, in the last segment", section_name);
  return {.section = section, .segment = last};
}

/// GRUB refuses a file with a section of relocations ("ELF files with relocs are not supported
/// yet"). The image finds its own by the linker script's symbols, so the section may pass for data.
void disguise_relocations(std::vector<std::byte>& file, const ElfFile& image) {
  for (std::size_t i = 0; i < image.sections().size(); ++i) {
    Elf64_Shdr section = image.sections()[i];
    if (section.sh_type == SHT_RELA) {
      section.sh_type = SHT_PROGBITS;
      store(file, image.header().e_shoff + i * sizeof section, section);
    }
  }
}

/// Adds `table` at the end of the file and leads the headers to it.
std::vector<std::byte> attach(std::span<const std::byte> file, const ElfFile& image, Slot slot,
                              std::span<const std::byte> table) {
  Elf64_Phdr segment = image.segments()[slot.segment];
  Elf64_Shdr section = image.sections()[slot.section];
  const std::uint64_t offset =
      (file.size() + segment.p_align - 1) / segment.p_align * segment.p_align;
  segment.p_offset = offset;
  segment.p_filesz = segment.p_memsz = table.size();
  section.sh_offset = offset;
  section.sh_size = table.size();

  std::vector<std::byte> result(file.begin(), file.end());
  result.resize(offset);
  result.insert(result.end(), table.begin(), table.end());
  store(result, image.header().e_phoff + slot.segment * sizeof segment, segment);
  store(result, image.header().e_shoff + slot.section * sizeof section, section);
  disguise_relocations(result, image);
  return result;
}

} // namespace

std::uint64_t image_base(const ElfFile& image) {
  std::uint64_t base = std::numeric_limits<std::uint64_t>::max();
  for (const Elf64_Phdr& segment : image.segments()) {
    if (segment.p_type == PT_LOAD)
      base = std::min(base, segment.p_vaddr);
  }
  return base;
}

std::vector<Function> collect_functions(const ElfFile& image) {
  const std::uint64_t base = image_base(image);
  std::vector<ElfFile::Symbol> symbols = image.symbols();
  std::erase_if(symbols, [&](const ElfFile::Symbol& symbol) {
    return !is_function(image, symbol) || symbol.entry.st_value < base ||
           symbol.entry.st_value - base > std::numeric_limits<std::uint32_t>::max();
  });
  std::ranges::sort(symbols, {}, preference);
  std::vector<Function> functions;
  for (const auto& [name, entry] : symbols) {
    const auto offset = static_cast<std::uint32_t>(entry.st_value - base);
    if (functions.empty() || functions.back().offset != offset)
      functions.push_back({.offset = offset,
                           .size = static_cast<std::uint32_t>(entry.st_size),
                           .name = readable_name(name)});
  }
  return functions;
}

std::vector<std::byte> make_symbol_table(std::span<const Function> functions,
                                         std::uint64_t image_base) {
  NamePool names;
  std::vector<std::uint32_t> addresses;
  std::vector<std::uint32_t> sizes;
  std::vector<std::uint32_t> name_offsets;
  for (const Function& function : functions) {
    addresses.push_back(function.offset);
    sizes.push_back(function.size);
    name_offsets.push_back(names.add(function.name));
  }

  SymbolTableHeader header{.version = symbol_table_version,
                           .function_count = static_cast<std::uint32_t>(functions.size()),
                           .names_size = size_of(names.bytes()),
                           .image_base = image_base};
  std::vector<std::byte> table(sizeof header);
  header.address_table_offset = size_of(table);
  append_words(table, addresses);
  header.size_table_offset = size_of(table);
  append_words(table, sizes);
  header.name_offset_table_offset = size_of(table);
  append_words(table, name_offsets);
  header.names_offset = size_of(table);
  table.insert(table.end(), names.bytes().begin(), names.bytes().end());
  store(table, 0, header);
  return table;
}

std::vector<std::byte> with_symbol_table(std::span<const std::byte> file) {
  if (!ElfFile::has_magic(file)) // --oformat=binary
    return {};
  const ElfFile image(file);
  const auto section = image.find_section(section_name);
  const bool linked = image.header().e_type == ET_EXEC || image.header().e_type == ET_DYN;
  if (!section || !linked)
    return {};
  const auto content = image.content(image.sections()[*section]);
  SymbolTableHeader header;
  if (content.size() < sizeof header)
    throw Failure("section {}: it is shorter than its header", section_name);
  std::memcpy(&header, content.data(), sizeof header);
  if (header.magic != symbol_table_magic)
    throw Failure("section {}: it does not begin with its magic number", section_name);
  const auto functions = collect_functions(image);
  if (header.version != 0 || functions.empty())
    return {};
  const Slot slot = find_slot(image, *section);
  return attach(file, image, slot, make_symbol_table(functions, image_base(image)));
}

bool fill_symbol_table(const std::filesystem::path& path) {
  try {
    const auto filled = with_symbol_table(read_bytes(path));
    if (!filled.empty())
      replace_file(path, filled);
    return !filled.empty();
  } catch (const Failure& failure) {
    throw Failure("{}: {}", path.string(), failure.what());
  }
}

} // namespace skerry::link
