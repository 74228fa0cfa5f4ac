// SPDX-License-Identifier: Apache-2.0
// What skerry-ld has to know of the linker's command line.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace skerry::link {

struct LinkArguments {
  std::filesystem::path output = "a.out";
  /// The result is meant to be run: no `-r`, no `-shared`.
  bool makes_image = true;
};

/// Splits a response file as the linker does: blanks separate, quotes group, a backslash takes the
/// next character as it is.
[[nodiscard]] std::vector<std::string> split_response(std::string_view text);

/// What an SDK adds to the words of a program's link. Options stand before the program's own, so
/// that its options win; files stand behind, so that its definitions win.
struct ImageParts {
  std::vector<std::string> options;
  std::vector<std::string> files;
};

/// Reads the file `lib/skerry/image.args` of an SDK: a word a line, `#` begins a comment, `<SDK>`
/// stands for the SDK's folder.
[[nodiscard]] ImageParts parse_image_parts(std::string_view text, std::string_view sdk);

/// Reads the words after the program's name; `@file` is followed. Files that cannot be read are
/// left to the linker's own complaint.
[[nodiscard]] LinkArguments parse_link_arguments(const std::vector<std::string>& words);

} // namespace skerry::link
