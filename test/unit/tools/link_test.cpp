// SPDX-License-Identifier: Apache-2.0
// Tests of skerry-ld: its reading of the linker's words, and the program itself.
#include "elf/elf_file.hpp"
#include "link/arguments.hpp"
#include "support/file.hpp"
#include "support/process.hpp"

#include <gtest/gtest.h>

namespace skerry::link {
namespace {

using Words = std::vector<std::string>;

TEST(LinkArguments, FindTheOutputWhereverItStands) {
  EXPECT_EQ(parse_link_arguments({"a.o"}).output, "a.out");
  EXPECT_EQ(parse_link_arguments({"-o", "x", "a.o"}).output, "x");
  EXPECT_EQ(parse_link_arguments({"a.o", "-ox"}).output, "x");
  EXPECT_EQ(parse_link_arguments({"a.o", "--output=x"}).output, "x");
  EXPECT_EQ(parse_link_arguments({"a.o", "--output", "x"}).output, "x");
  EXPECT_EQ(parse_link_arguments({"-o", "x", "-o", "y"}).output, "y");
  EXPECT_EQ(parse_link_arguments({"-T", "-odd-script-name", "a.o"}).output, "a.out");
}

TEST(LinkArguments, TellImagesFromObjectsAndLibraries) {
  EXPECT_TRUE(parse_link_arguments({"-static", "-pie", "a.o"}).makes_image);
  EXPECT_FALSE(parse_link_arguments({"-r", "a.o"}).makes_image);
  EXPECT_FALSE(parse_link_arguments({"a.o", "--relocatable"}).makes_image);
  EXPECT_FALSE(parse_link_arguments({"-shared", "a.o"}).makes_image);
  EXPECT_TRUE(parse_link_arguments({"-L", "-r", "a.o"}).makes_image);
}

TEST(LinkArguments, LookIntoResponseFiles) {
  const TemporaryFolder folder;
  const auto outer = folder.path() / "outer.rsp";
  const auto inner = folder.path() / "inner.rsp";
  replace_file(outer, "a.o @" + inner.string());
  replace_file(inner, "-o \"two words\"\n-r");
  const auto arguments = parse_link_arguments({"@" + outer.string()});
  EXPECT_EQ(arguments.output, "two words");
  EXPECT_FALSE(arguments.makes_image);
}

TEST(LinkArguments, SurviveResponseFileThatNamesItselfOrNothing) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "loop.rsp";
  replace_file(path, "-o x @" + path.string());
  EXPECT_EQ(parse_link_arguments({"@" + path.string(), "@/nonexistent"}).output, "x");
}

TEST(SplitResponse, FollowsTheLinkersQuoting) {
  EXPECT_EQ(split_response("a 'b c'\n\"d \\\" e\" f\\ g '' h\"i\"j"),
            (Words{"a", "b c", "d \" e", "f g", "", "hij"}));
  EXPECT_TRUE(split_response(" \n\t").empty());
}

TEST(ImageParts, PutOptionsApartFromFiles) {
  const ImageParts parts = parse_image_parts(
      "# comment\n--script=<SDK>/image.ld\n\n<SDK>/kernel.o # the kernel\n", "/opt/my sdk");
  EXPECT_EQ(parts.options, (Words{"--script=/opt/my sdk/image.ld"}));
  EXPECT_EQ(parts.files, (Words{"/opt/my sdk/kernel.o"}));
}

Captured run_linker(Words words) {
  words.insert(words.begin(), SKERRY_LD);
  return run_captured({.arguments = words, .output = Stream::pipe, .error = Stream::pipe},
                      deadline_in(std::chrono::minutes(1)));
}

TEST(SkerryLd, AnswersForTheLinkerItRuns) {
  const Captured version = run_linker({"--version"});
  EXPECT_TRUE(version.status.success());
  EXPECT_TRUE(version.output.contains("LLD 19")) << version.output;
  EXPECT_TRUE(run_linker({"-v"}).status.success());
}

TEST(SkerryLd, HandsOnTheLinkersFailure) {
  const Captured failed = run_linker({"/nonexistent.o"});
  EXPECT_EQ(failed.status.code, 1);
  EXPECT_TRUE(failed.error.contains("/nonexistent.o")) << failed.error;
}

TEST(SkerryLd, LeavesRelocatableOutputAsItIs) {
  const TemporaryFolder folder;
  const auto output = folder.path() / "out.o";
  const Captured linked = run_linker({"-r", SAMPLE_OBJECT, "-o", output.string()});
  ASSERT_TRUE(linked.status.success()) << linked.error;
  const auto bytes = read_bytes(output);
  const ElfFile elf(bytes);
  EXPECT_EQ(elf.content(elf.sections()[elf.find_section(".skerry.symbols").value()]).size(), 64U);
}

TEST(SkerryLd, TakesOutputThatIsNoFile) {
  EXPECT_TRUE(run_linker({SAMPLE_OBJECT, "-e", "start", "-o", "/dev/null"}).status.success());
}

TEST(SkerryLd, AddsThePartsOfTheSdkItLiesIn) {
  const TemporaryFolder folder;
  const auto sdk = std::filesystem::canonical(folder.path()) / "s d k";
  std::filesystem::create_directories(sdk / "bin");
  std::filesystem::create_directories(sdk / "lib" / "skerry");
  std::filesystem::copy_file(SKERRY_LD, sdk / "bin" / "skerry-ld");
  std::filesystem::copy_file(SAMPLE_OBJECT, sdk / "lib" / "skerry" / "kernel.o");
  replace_file(sdk / "lib" / "skerry" / "image.args",
               std::string_view("--entry=start\n<SDK>/lib/skerry/kernel.o\n"));
  const auto output = folder.path() / "image";
  const Captured linked =
      run_captured({.arguments = {(sdk / "bin" / "skerry-ld").string(), "-o", output.string()},
                    .output = Stream::pipe,
                    .error = Stream::pipe},
                   deadline_in(std::chrono::minutes(1)));
  // Without a linker script of ours the table shares its segment, which is refused in words.
  EXPECT_EQ(linked.status.code, 1);
  EXPECT_TRUE(linked.error.contains("expected it alone")) << linked.error;
  EXPECT_NE(ElfFile(read_bytes(output)).header().e_entry, 0U);
}

} // namespace
} // namespace skerry::link
