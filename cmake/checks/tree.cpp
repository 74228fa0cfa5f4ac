// SPDX-License-Identifier: Apache-2.0
// See the header.
#include "cmake/checks/tree.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace skerry::checks {
namespace {

bool is_left_out(const std::filesystem::directory_entry& entry) {
  const std::string name = entry.path().filename();
  const bool is_hidden_folder = name.starts_with('.') && name != ".ci" && entry.is_directory();
  const bool is_worktree_link =
      name == ".git"; // a file where the tree is one of several of a clone
  return entry.is_symlink() || is_hidden_folder || is_worktree_link || name == "build";
}

} // namespace

std::vector<std::string> list_files(const std::filesystem::path& root) {
  std::vector<std::string> paths;
  using Walk = std::filesystem::recursive_directory_iterator;
  for (Walk entry(root); entry != Walk(); ++entry) {
    if (is_left_out(*entry)) {
      entry.disable_recursion_pending();
    } else if (entry->is_regular_file()) {
      paths.push_back(entry->path().lexically_relative(root));
    }
  }
  std::ranges::sort(paths);
  return paths;
}

SourceFile read_source(const std::filesystem::path& root, std::string path) {
  std::ifstream file(root / path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) {
    throw std::runtime_error(path + ": cannot be read");
  }
  return {.path = std::move(path), .lines = split_lines(std::move(text).str())};
}

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

bool is_cpp(std::string_view path) {
  return path.ends_with(".cpp") || path.ends_with(".hpp") || path.ends_with(".h");
}

} // namespace skerry::checks
