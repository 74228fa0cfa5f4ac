// SPDX-License-Identifier: Apache-2.0
// Kernel and service share an image, not their names (DESIGN, decision 3), and C++ works in it.
#include "elf/elf_file.hpp"
#include "machines.hpp"
#include "support/failure.hpp"
#include "support/file.hpp"

#include <cstdlib>
#include <gmock/gmock.h>
#include <set>
#include <sstream>

namespace skerry::test {
namespace {

using testing::IsSubsetOf;
using testing::Not;

using Names = std::set<std::string, std::less<>>;

/// The names in a list with comments.
Names names_in(const std::filesystem::path& path) {
  std::istringstream text(read_text(path));
  Names names;
  for (std::string line; std::getline(text, line);)
    if (!line.empty() && line.front() != '#')
      names.insert(line);
  return names;
}

std::filesystem::path kernel_object() {
  const char* sdk = std::getenv("SKERRY_SDK");
  if (sdk == nullptr)
    throw Failure("SKERRY_SDK is not set; expected what `./skerry sdk` prints");
  return std::filesystem::path(sdk) / "lib" / "skerry" / "kernel.o";
}

TEST(KernelObject, ShowsItsExportsAndNothingElse) {
  const auto bytes = read_bytes(kernel_object());
  const std::filesystem::path lists = std::filesystem::path(SOURCE_FOLDER) / "cmake";
  Names defined;
  Names wanted;
  for (const ElfFile::Symbol& symbol : ElfFile(bytes).symbols()) {
    const bool local = ELF64_ST_BIND(symbol.entry.st_info) == STB_LOCAL;
    if (!local && symbol.entry.st_shndx != SHN_UNDEF)
      defined.emplace(symbol.name);
    else if (!local)
      wanted.emplace(symbol.name);
  }
  EXPECT_FALSE(defined.empty());
  const Names exports = names_in(lists / "kernel_exports.txt");
  EXPECT_TRUE(exports.contains("__skerry_call_*"));
  std::erase_if(defined,
                [](const std::string& name) { return name.starts_with("__skerry_call_"); });
  EXPECT_THAT(defined, IsSubsetOf(exports));
  EXPECT_THAT(wanted, IsSubsetOf(names_in(lists / "kernel_imports.txt")));
}

TEST(Service, MayDefineNamesOfTheKernelAndItsLibraries) {
  for (const Way way : {Way::microvm, Way::q35}) {
    const Outcome outcome = boot(way, "foreign_names");
    EXPECT_EQ(outcome.status, 0) << outcome;
    EXPECT_THAT(outcome, Shows("\n0 failures\n"));
    EXPECT_THAT(outcome, Not(Shows("FAILED")));
  }
}

TEST(Service, UsesTheLibraryOfCpp) {
  const Outcome outcome = boot(Way::q35, "cpp", "quiet");
  EXPECT_EQ(outcome.status, 0) << outcome;
  EXPECT_EQ(outcome.console, "construct first\n"
                             "construct second\n"
                             "construct local\n"
                             "format   3.14 0xff \"quoted\\n\"\n"
                             "iostream 00042 0x1p-1\n"
                             "istringstream 6\n"
                             "containers 9999 7 3 1000\n"
                             "vocabulary text 7 5 odd\n"
                             "exception thrown through ten frames\n"
                             "exception of the library\n"
                             "steady clock goes forward true\n"
                             "system clock is past 2024 true\n"
                             "thread_local 42\n"
                             "destroy local\n"
                             "destroy second\n"
                             "destroy first\n"
                             "skerry: exit status 0\n");
}

} // namespace
} // namespace skerry::test
