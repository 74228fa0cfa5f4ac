// SPDX-License-Identifier: Apache-2.0
// Is a path one of our images? See the header.
#include "elf/image.hpp"

#include "elf/elf_file.hpp"
#include "support/failure.hpp"
#include "support/file.hpp"

#include <algorithm>
#include <cstring>
#include <sstream>
#include <string_view>

namespace skerry {
namespace {

constexpr std::string_view note_owner = "Skerry";
constexpr std::uint32_t note_version = 1;
constexpr std::uint32_t note_memory = 2;
constexpr std::uint32_t note_root = 3;

/// A note that holds text, up to its first zero.
std::optional<std::string> text_of(const ElfFile& elf, std::uint32_t type) {
  const auto note = elf.find_note(note_owner, type);
  if (!note)
    return std::nullopt;
  const std::string_view text(reinterpret_cast<const char*>(note->data()), note->size());
  return std::string(text.substr(0, text.find('\0')));
}

std::optional<ImageRoot> root_of(const ElfFile& elf) {
  const auto text = text_of(elf, note_root);
  if (!text)
    return std::nullopt;
  std::istringstream lines(*text);
  std::string line;
  std::getline(lines, line);
  ImageRoot root{.is_beside = line == "beside"};
  while (std::getline(lines, line))
    root.memory_folders.push_back(line);
  return root;
}

std::optional<std::uint64_t> memory_of(const ElfFile& elf) {
  const auto note = elf.find_note(note_owner, note_memory);
  std::uint64_t bytes = 0;
  if (!note || note->size() != sizeof bytes)
    return std::nullopt;
  std::memcpy(&bytes, note->data(), sizeof bytes);
  return bytes;
}

/// What an ELF file without our note is, in words.
std::string_view describe_foreign(const ElfFile& elf) {
  if (elf.header().e_type == ET_REL)
    return "an object file that is not linked yet";
  if (elf.header().e_type == ET_CORE)
    return "a core dump";
  const bool interpreted = std::ranges::contains(elf.segments(), PT_INTERP, &Elf64_Phdr::p_type);
  if (interpreted)
    return "a Linux program that was not built with the Skerry toolchain";
  if (elf.find_note("Xen", 18))
    return "the kernel of another system";
  return "an ELF program that was not built with the Skerry toolchain";
}

std::string describe(std::span<const std::byte> bytes) {
  if (bytes.empty())
    return "an empty file";
  if (bytes.size() >= 2 && bytes[0] == std::byte{'#'} && bytes[1] == std::byte{'!'})
    return "a script";
  return "not an ELF file";
}

} // namespace

ImageInfo inspect_image(const std::filesystem::path& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status))
    throw Failure("{}: no such file; expected a Skerry image", path.string());
  if (std::filesystem::is_directory(status))
    throw Failure("{}: it is a folder; expected a Skerry image", path.string());
  if (!std::filesystem::is_regular_file(status))
    throw Failure("{}: it is not a regular file; expected a Skerry image", path.string());

  const auto bytes = read_bytes(path);
  if (!ElfFile::has_magic(bytes))
    throw Failure("{}: it is {}; expected a Skerry image", path.string(), describe(bytes));
  try {
    const ElfFile elf(bytes);
    if (const auto version = text_of(elf, note_version))
      return {.version = *version, .memory_bytes = memory_of(elf), .root = root_of(elf)};
    throw Failure("it is {}", describe_foreign(elf));
  } catch (const Failure& failure) {
    throw Failure("{}: {}; expected a Skerry image", path.string(), failure.what());
  }
}

} // namespace skerry
