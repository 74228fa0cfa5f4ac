// SPDX-License-Identifier: Apache-2.0
// See the header.
#include "link/door_two.hpp"

#include "support/failure.hpp"
#include "support/file.hpp"
#include "support/process.hpp"

#include <algorithm>
#include <array>
#include <format>
#include <ranges>

namespace skerry::link {
namespace {

constexpr const char* disassembler = "llvm-objdump-19"; // of the package llvm-19
constexpr std::array syscall_bytes{std::byte{0x0f}, std::byte{0x05}};
constexpr std::string_view table_section = ".skerry.calls";
constexpr std::string_view all_calls_symbol = "__skerry_call_65535";

constexpr std::string_view entry_section = ".skerry.entry"; // tells a Linux process what it is

bool is_program_code(const ElfFile& image, const Elf64_Shdr& section) {
  return section.sh_type == SHT_PROGBITS && (section.sh_flags & SHF_EXECINSTR) != 0 &&
         image.section_name(section) != entry_section;
}

/// Where functions and assembly's labels begin, ascending.
std::vector<std::uint64_t> starts_of_code(const ElfFile& image) {
  std::vector<std::uint64_t> starts;
  for (const ElfFile::Symbol& symbol : image.symbols()) {
    const auto type = ELF64_ST_TYPE(symbol.entry.st_info);
    if (type == STT_FUNC || type == STT_NOTYPE)
      starts.push_back(symbol.entry.st_value);
  }
  std::ranges::sort(starts);
  return starts;
}

/// Whether the listing has SYSCALL at that address, and not in the middle of something else.
bool names_system_call(std::string_view listing, std::uint64_t address) {
  const std::string place = std::format("{:x}:", address);
  for (const auto part : std::views::split(listing, '\n')) {
    std::string_view line(part);
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    if (!line.starts_with(place))
      continue;
    line.remove_prefix(place.size());
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    return line == "syscall";
  }
  return false;
}

bool is_system_call(const std::filesystem::path& path, const Suspect& suspect) {
  const Captured listing = run_captured(
      {.arguments = {disassembler, "--disassemble", "--no-show-raw-insn",
                     std::format("--start-address={:#x}", suspect.start),
                     std::format("--stop-address={:#x}", suspect.address + syscall_bytes.size()),
                     path.string()},
       .output = Stream::pipe,
       .error = Stream::pipe},
      no_deadline);
  if (!listing.status.success())
    throw Failure("{} ended with {}: {}", disassembler, listing.status.describe(), listing.error);
  return names_system_call(listing.output, suspect.address);
}

} // namespace

std::vector<Suspect> find_suspects(const ElfFile& image) {
  const auto starts = starts_of_code(image);
  std::vector<Suspect> suspects;
  for (const Elf64_Shdr& section : image.sections()) {
    if (!is_program_code(image, section))
      continue;
    const auto code = image.content(section);
    for (auto at = code.begin();; ++at) {
      at = std::search(at, code.end(), syscall_bytes.begin(), syscall_bytes.end());
      if (at == code.end())
        break;
      const std::uint64_t address = section.sh_addr + static_cast<std::uint64_t>(at - code.begin());
      const auto next = std::ranges::upper_bound(starts, address);
      const std::uint64_t known = next == starts.begin() ? 0 : *(next - 1);
      suspects.push_back({.start = std::max(known, section.sh_addr), .address = address});
    }
  }
  return suspects;
}

bool lacks_calls(const std::filesystem::path& path) {
  const auto bytes = read_bytes(path);
  if (!ElfFile::has_magic(bytes))
    return false;
  const ElfFile image(bytes);
  if (!image.find_section(table_section) ||
      std::ranges::contains(image.symbols(), all_calls_symbol, &ElfFile::Symbol::name))
    return false;
  return std::ranges::any_of(find_suspects(image),
                             [&](const Suspect& each) { return is_system_call(path, each); });
}

} // namespace skerry::link
