// SPDX-License-Identifier: Apache-2.0
// Tests of the search for SYSCALL instructions, on what clang and lld make.
#include "link/door_two.hpp"
#include "support/file.hpp"
#include "support/process.hpp"

#include <gtest/gtest.h>
#include <string>

namespace skerry::link {
namespace {

/// Links assembly into an image with an empty table of calls.
class DoorTwo : public testing::Test {
protected:
  std::filesystem::path link(std::string_view code, std::vector<std::string> words = {}) {
    const auto source = folder.path() / "code.s";
    const auto image = folder.path() / "image";
    replace_file(source, std::string(code) +
                             "\n.section .skerry.calls, \"aw\", @progbits\n.quad 0\n"
                             ".section .skerry.entry, \"ax\", @progbits\nsyscall\n");
    words.insert(words.begin(), {"clang-19", "--target=x86_64-linux-gnu", "-nostdlib", "-static",
                                 "-fuse-ld=lld-19", source.string(), "-o", image.string()});
    EXPECT_TRUE(Process({.arguments = words}).wait().success());
    return image;
  }

  TemporaryFolder folder;
};

constexpr const char* a_call = ".globl _start\n_start: nop\n.zero 40, 0x90\nsyscall\nret";
constexpr const char* only_bytes = ".globl _start\n_start: mov $0x90050f90, %eax\nret\n"
                                   ".globl __skerry_syscall3\n__skerry_syscall3: ret";

TEST_F(DoorTwo, IsFoundInCode) {
  EXPECT_TRUE(lacks_calls(link(a_call)));
}

TEST_F(DoorTwo, IsFoundWithoutSymbols) {
  EXPECT_TRUE(lacks_calls(link(a_call, {"-s"})));
}

TEST_F(DoorTwo, IsNotFoundInsideAnotherInstruction) {
  const auto image = link(only_bytes);
  const auto bytes = read_bytes(image);
  EXPECT_EQ(find_suspects(ElfFile(bytes)).size(), 1U);
  EXPECT_FALSE(lacks_calls(image));
}

TEST_F(DoorTwo, IsOfNoInterestWhereAllCallsAreThere) {
  EXPECT_FALSE(lacks_calls(link(std::string(a_call) + "\n__skerry_call_65535: ret")));
}

TEST_F(DoorTwo, IsOfNoInterestInWhatIsNoImage) {
  const auto text = folder.path() / "text";
  replace_file(text, "no program");
  EXPECT_FALSE(lacks_calls(text));
}

} // namespace
} // namespace skerry::link
