// SPDX-License-Identifier: Apache-2.0
// A bootable CD with one image; see the header.
#include "vm/iso.hpp"

#include "support/failure.hpp"
#include "support/file.hpp"
#include "support/parse.hpp"
#include "support/process.hpp"

#include <chrono>
#include <format>

namespace skerry::vm {

std::string grub_configuration(std::string_view command_line, bool has_root) {
  std::string words;
  for (const std::string& word : split_words(command_line)) {
    // GRUB takes our single quotes away and quotes anew with double quotes and backslashes, which
    // the kernel's grammar does not know.
    if (word.find_first_of("'\"\\\n") != std::string::npos)
      throw Failure("kernel argument {}: GRUB cannot pass on a quote or a backslash", word);
    words += std::format(" '{}'", word);
  }
  return std::format("set timeout=0\n"
                     "serial --unit=0 --speed=115200\n"
                     "terminal_input serial\n"
                     "terminal_output serial\n"
                     "menuentry skerry {{\n"
                     "  multiboot2 /boot/image{}\n"
                     "{}"
                     "  boot\n"
                     "}}\n",
                     words, has_root ? "  module2 /boot/root root\n" : "");
}

void make_iso(const std::filesystem::path& image, std::string_view command_line,
              const std::filesystem::path& output, const std::filesystem::path& root) {
  const TemporaryFolder folder;
  const auto boot = folder.path() / "boot";
  std::filesystem::create_directories(boot / "grub");
  std::filesystem::copy_file(image, boot / "image");
  if (!root.empty())
    std::filesystem::copy_file(root, boot / "root");
  replace_file(boot / "grub" / "grub.cfg", grub_configuration(command_line, !root.empty()));
  const Captured made = run_captured(
      {.arguments = {"grub-mkrescue", "--output", output.string(), folder.path().string()},
       .output = Stream::pipe,
       .error = Stream::pipe},
      deadline_in(std::chrono::minutes(2)));
  if (!made.status.success())
    throw Failure("cannot make {}: grub-mkrescue: {}", output.string(), last_lines(made.error, 1));
}

} // namespace skerry::vm
