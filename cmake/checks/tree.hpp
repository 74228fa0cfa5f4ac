// SPDX-License-Identifier: Apache-2.0
// The source tree as the checks see it: files with their lines, and what they find wrong.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace skerry::checks {

/// One file; `path` is relative to the top of the tree.
struct SourceFile {
  std::string path;
  std::vector<std::string> lines;
};

/// Something that breaks a rule. `line` counts from 1; 0 stands for the file as a whole.
struct Violation {
  std::string path;
  std::size_t line = 0;
  std::string rule;

  bool operator==(const Violation&) const = default;
};

/// Paths of all files below `root`, relative to it and sorted, but for what is built, hidden
/// folders other than .ci, and symbolic links.
[[nodiscard]] std::vector<std::string> list_files(const std::filesystem::path& root);

/// Throws std::runtime_error when the file cannot be read.
[[nodiscard]] SourceFile read_source(const std::filesystem::path& root, std::string path);

[[nodiscard]] std::vector<std::string> split_lines(std::string_view text);

[[nodiscard]] bool is_cpp(std::string_view path); ///< .cpp, .hpp or .h

} // namespace skerry::checks
