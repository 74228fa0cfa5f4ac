// SPDX-License-Identifier: Apache-2.0
// What an image is as a file: a static PIE that every loader takes, and a Linux program just far
// enough to say that it is none.
#include "elf/elf_file.hpp"
#include "elf/image.hpp"
#include "machines.hpp"
#include "support/file.hpp"
#include "support/process.hpp"

#include <algorithm>
#include <cstring>
#include <gmock/gmock.h>

namespace skerry::test {
namespace {

using testing::HasSubstr;

template <typename T> T load(std::span<const std::byte> bytes, std::size_t offset = 0) {
  T value{};
  if (offset + sizeof value > bytes.size())
    ADD_FAILURE() << "cut short at " << offset;
  else
    std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

class EveryImage : public testing::TestWithParam<std::string> {
protected:
  std::vector<std::byte> bytes_ = read_bytes(image(GetParam()));
  ElfFile elf_{bytes_};

  [[nodiscard]] bool has_segment(Elf64_Word type) const {
    return std::ranges::contains(elf_.segments(), type, &Elf64_Phdr::p_type);
  }
};
INSTANTIATE_TEST_SUITE_P(Elf, EveryImage, testing::Values("hello", "cpp", "boot_tests"),
                         [](const auto& info) { return info.param; });

TEST_P(EveryImage, IsAStaticPie) {
  EXPECT_EQ(elf_.header().e_type, ET_DYN);
  EXPECT_FALSE(has_segment(PT_INTERP));
  EXPECT_TRUE(has_segment(PT_PHDR));
  EXPECT_TRUE(has_segment(PT_GNU_EH_FRAME));
}

TEST_P(EveryImage, HasNoSegmentThatIsWritableAndExecutable) {
  for (const Elf64_Phdr& segment : elf_.segments())
    EXPECT_NE(segment.p_flags & (PF_W | PF_X), static_cast<Elf64_Word>(PF_W | PF_X))
        << "segment of type " << segment.p_type << " at " << segment.p_vaddr;
}

TEST_P(EveryImage, NeedsNothingButRelativeRelocations) {
  // The packed form is relative by nature; what did not fit into it passes for data (skerry-ld).
  const auto packed = elf_.find_section(".relr.dyn");
  ASSERT_TRUE(packed);
  EXPECT_GT(elf_.sections()[*packed].sh_size, 0U);
  for (const Elf64_Shdr& section : elf_.sections())
    EXPECT_TRUE(section.sh_type != SHT_REL && section.sh_type != SHT_RELA);
  if (const auto rest = elf_.find_section(".rela.dyn")) {
    const auto table = elf_.content(elf_.sections()[*rest]);
    for (std::size_t i = 0; i < table.size(); i += sizeof(Elf64_Rela))
      ASSERT_EQ(ELF64_R_TYPE(load<Elf64_Rela>(table, i).r_info), R_X86_64_RELATIVE);
  }
}

TEST_P(EveryImage, LeavesNoSymbolOpen) {
  for (const ElfFile::Symbol& symbol : elf_.symbols()) {
    const bool open = symbol.entry.st_shndx == SHN_UNDEF && !symbol.name.empty() &&
                      ELF64_ST_BIND(symbol.entry.st_info) != STB_WEAK;
    EXPECT_FALSE(open) << symbol.name;
  }
}

TEST_P(EveryImage, IsKnownAsOurs) {
  EXPECT_FALSE(inspect_image(image(GetParam())).version.empty());
}

TEST_P(EveryImage, HasThePvhNoteThatPointsIntoItsCode) {
  constexpr std::uint32_t physical_entry = 18; // XEN_ELFNOTE_PHYS32_ENTRY
  const auto note = elf_.find_note("Xen", physical_entry);
  ASSERT_TRUE(note);
  ASSERT_EQ(note->size(), 8U) << "QEMU reads eight bytes";
  const auto entry = load<std::uint64_t>(*note);
  EXPECT_TRUE(std::ranges::any_of(elf_.segments(), [entry](const Elf64_Phdr& segment) {
    return segment.p_type == PT_LOAD && (segment.p_flags & PF_X) != 0 && entry >= segment.p_paddr &&
           entry < segment.p_paddr + segment.p_memsz;
  }));
}

TEST_P(EveryImage, HasAMultiboot2HeaderWhereLoadersLookForIt) {
  // Specification 2.0, 3.1: within the first 32768 bytes, on eight bytes; the first four words add
  // up to zero.
  constexpr std::uint32_t magic = 0xe85250d6;
  constexpr std::size_t window = 32768;
  bool found = false;
  for (std::size_t at = 0; at + 16 <= std::min(window, bytes_.size()) && !found; at += 8)
    found = load<std::uint32_t>(bytes_, at) == magic &&
            load<std::uint32_t>(bytes_, at) + load<std::uint32_t>(bytes_, at + 4) +
                    load<std::uint32_t>(bytes_, at + 8) + load<std::uint32_t>(bytes_, at + 12) ==
                0;
  EXPECT_TRUE(found);
}

TEST_P(EveryImage, StartedAsALinuxProgramSaysHowToBootIt) {
  const Captured run = run_captured(
      {.arguments = {image(GetParam()).string()}, .output = Stream::pipe, .error = Stream::pipe},
      deadline_in(patience));
  EXPECT_EQ(run.status.shell_status(), 126);
  EXPECT_EQ(run.output, "");
  EXPECT_THAT(run.error, HasSubstr("bootable image, not a Linux program"));
  EXPECT_THAT(run.error, HasSubstr("skerry run"));
  EXPECT_THAT(run.error, HasSubstr("-kernel"));
}

/// What scripts see that compile a program and run it.
Captured run_as_a_program(std::vector<std::string> arguments, std::string_view emulator) {
  return run_captured({.arguments = std::move(arguments),
                       .environment = {{"SKERRY_EMULATOR", std::string(emulator)}},
                       .output = Stream::pipe,
                       .error = Stream::pipe},
                      deadline_in(patience));
}

TEST(ImageAsAProgram, RunsInTheEmulatorThatTheEnvironmentNames) {
  const std::string program = image("arguments").string();
  const Captured run =
      run_as_a_program({program, "one", "two words", "--status", "7"}, SKERRY_EMULATOR);
  EXPECT_EQ(run.status.shell_status(), 7) << run.error;
  EXPECT_THAT(run.output, HasSubstr("argc=5\n"));
  EXPECT_THAT(run.output, HasSubstr("argv[1]=<one>\nargv[2]=<two words>\n"));
}

TEST(ImageAsAProgram, SaysWhenThereIsNoSuchEmulator) {
  const Captured run = run_as_a_program({image("arguments").string()}, "/nowhere/emulator");
  EXPECT_EQ(run.status.shell_status(), 126);
  EXPECT_THAT(run.error, HasSubstr("what SKERRY_EMULATOR names cannot be executed"));
}

} // namespace
} // namespace skerry::test
