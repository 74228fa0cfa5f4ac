// SPDX-License-Identifier: Apache-2.0
// Finds out whether an image makes system calls by itself, by SYSCALL instructions that our C
// library knows nothing of: such an image needs every call.
#pragma once

#include "elf/elf_file.hpp"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace skerry::link {

/// Where a byte pair of code looks like SYSCALL (Intel SDM vol. 2): it is one, or part of another
/// instruction. `start` is an address before it at which an instruction begins.
struct Suspect {
  std::uint64_t start;
  std::uint64_t address;

  bool operator==(const Suspect&) const = default;
};

[[nodiscard]] std::vector<Suspect> find_suspects(const ElfFile& image);

/// True when the image at `path` holds a SYSCALL instruction and was linked without the calls that
/// nothing refers to. Throws Failure when the disassembler cannot be run.
[[nodiscard]] bool lacks_calls(const std::filesystem::path& path);

} // namespace skerry::link
