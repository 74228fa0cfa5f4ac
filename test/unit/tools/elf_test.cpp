// SPDX-License-Identifier: Apache-2.0
// Tests of the ELF reader and of how files that are no image are described.
#include "elf/elf_file.hpp"
#include "elf/image.hpp"
#include "failure.hpp"
#include "support/file.hpp"

#include <cstring>
#include <gtest/gtest.h>

namespace skerry {
namespace {

using test::failure_of;

/// What inspect_image says of a file with this content, without the file's name.
std::string complaint_about(std::string_view content) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "file";
  replace_file(path, content);
  return failure_of([&] { inspect_image(path); }).substr(path.string().size());
}

std::string text_of(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

TEST(InspectImage, GivesTheVersionOfImage) {
  EXPECT_EQ(inspect_image(TINY_IMAGE).version, "test");
}

TEST(InspectImage, SaysWhatOtherFilesAre) {
  EXPECT_EQ(complaint_about(""), ": it is an empty file; expected a Skerry image");
  EXPECT_EQ(complaint_about("#!/bin/sh\n"), ": it is a script; expected a Skerry image");
  EXPECT_EQ(complaint_about("hello"), ": it is not an ELF file; expected a Skerry image");
  EXPECT_EQ(complaint_about("\x7f"
                            "ELF"),
            ": it is an ELF file, but not of 64 bits and little endian; expected a Skerry image");
}

TEST(InspectImage, SaysWhatOtherProgramsAre) {
  EXPECT_EQ(failure_of([] { inspect_image("/proc/self/exe"); }),
            "/proc/self/exe: it is a Linux program that was not built with the Skerry toolchain; "
            "expected a Skerry image");
  EXPECT_EQ(failure_of([] { inspect_image(SAMPLE_OBJECT); }),
            SAMPLE_OBJECT ": it is an object file that is not linked yet; expected a Skerry image");
  EXPECT_EQ(failure_of([] { inspect_image(SAMPLE_IMAGE); }),
            SAMPLE_IMAGE ": it is an ELF program that was not built with the Skerry toolchain; "
                         "expected a Skerry image");
}

TEST(InspectImage, SaysWhenThereIsNoFile) {
  EXPECT_EQ(failure_of([] { inspect_image("/nonexistent"); }),
            "/nonexistent: no such file; expected a Skerry image");
  EXPECT_EQ(failure_of([] { inspect_image("/tmp"); }),
            "/tmp: it is a folder; expected a Skerry image");
  EXPECT_EQ(failure_of([] { inspect_image("/dev/null"); }),
            "/dev/null: it is not a regular file; expected a Skerry image");
}

TEST(InspectImage, RefusesOtherMachines) {
  std::string image = text_of(read_bytes(TINY_IMAGE));
  image[offsetof(Elf64_Ehdr, e_machine)] = static_cast<char>(EM_AARCH64);
  EXPECT_EQ(complaint_about(image),
            ": it is an ELF file for machine 183, not for x86-64; expected a Skerry image");
}

TEST(ElfFile, SurvivesBeingCutShortAnywhere) {
  const auto bytes = read_bytes(TINY_IMAGE);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    try {
      const ElfFile elf(std::span(bytes).first(size));
      (void)elf.symbols();
      (void)elf.find_note("Skerry", 1);
      (void)elf.find_section(".text");
    } catch (const Failure&) {
      continue; // in words, and without reading past the end (the sanitizer watches)
    }
  }
}

TEST(ElfFile, SurvivesAnyByteOfItsHeadersBeingDamaged) {
  const auto bytes = read_bytes(SAMPLE_IMAGE);
  const std::size_t headers = sizeof(Elf64_Ehdr) + 4 * sizeof(Elf64_Phdr);
  const std::size_t sections = ElfFile(bytes).header().e_shoff;
  for (std::size_t at = 0; at < bytes.size(); at = at + 1 == headers ? sections : at + 1) {
    auto damaged = bytes;
    damaged[at] = ~damaged[at];
    try {
      const ElfFile elf(damaged);
      (void)elf.symbols();
      (void)elf.find_note("Skerry", 1);
      (void)elf.find_section(".text");
    } catch (const Failure&) {
      continue;
    }
  }
}

} // namespace
} // namespace skerry
