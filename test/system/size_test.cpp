// SPDX-License-Identifier: Apache-2.0
// How large images are, the symbol table for reports apart: printed for all, held to a limit where
// one is promised.
#include "elf/elf_file.hpp"
#include "machines.hpp"
#include "support/file.hpp"

#include <cstdio>
#include <gtest/gtest.h>

namespace skerry::test {
namespace {

/// Bytes of the file that a loader takes into memory, without the symbol table.
std::uint64_t loaded_bytes(std::string_view name) {
  const auto bytes = read_bytes(image(name));
  const ElfFile elf(bytes);
  std::uint64_t sum = 0;
  for (const Elf64_Phdr& segment : elf.segments())
    sum += segment.p_type == PT_LOAD ? segment.p_filesz : 0;
  const auto symbols = elf.find_section(".skerry.symbols");
  return sum - (symbols ? elf.sections()[*symbols].sh_size : 0);
}

TEST(Size, OfTheHttpServerStaysBelow700Kilobytes) {
  const std::uint64_t size = loaded_bytes("http_server");
  std::printf("hello %.1f KB, http_server %.1f KB\n",
              static_cast<double>(loaded_bytes("hello")) / 1000, static_cast<double>(size) / 1000);
  EXPECT_LE(size, 700'000U);
}

} // namespace
} // namespace skerry::test
