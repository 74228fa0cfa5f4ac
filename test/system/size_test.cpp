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

std::uint64_t printed_size(std::string_view name) {
  const std::uint64_t size = loaded_bytes(name);
  std::printf("%s %.1f KB\n", std::string(name).c_str(), static_cast<double>(size) / 1000);
  return size;
}

TEST(Size, OfTheHttpServerStaysBelow700Kilobytes) {
  EXPECT_LE(printed_size("http_server"), 700'000U);
}

TEST(Size, OfHelloWithTheNetworkStaysBelow300Kilobytes) {
  EXPECT_LE(printed_size("hello"), 300'000U);
}

} // namespace
} // namespace skerry::test
