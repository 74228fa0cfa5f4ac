// SPDX-License-Identifier: Apache-2.0
// See the header.
#include "cmake/checks/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <format>
#include <span>
#include <string_view>

namespace skerry::checks {
namespace {

constexpr std::size_t max_lines = 400;
constexpr std::string_view licence = "SPDX-License-Identifier: Apache-2.0";

/// Sources in languages with comments. Texts, tables and patches have no licence line.
bool is_source(std::string_view path) {
  constexpr std::array endings = {".cpp", ".hpp",   ".h",  ".c",   ".S",   ".s",   ".ld",
                                  ".sh",  ".cmake", ".py", ".awk", ".def", ".txt", ".cfg"};
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const bool is_named = name == "CMakeLists.txt" || name == "run" || name == "skerry";
  return is_named || (!path.ends_with(".txt") && std::ranges::any_of(endings, [&](auto ending) {
           return path.ends_with(ending);
         }));
}

/// Our own files; what lies over others' sources keeps their form.
bool is_ours(std::string_view path) {
  return !path.ends_with(".patch") && path != "LICENSE" &&
         !path.starts_with("cmake/sysroot/musl/overlay/");
}

bool may_have_conditions(std::string_view path) {
  constexpr std::array folders = {"platform/", "include/core/", "api/"};
  return std::ranges::any_of(folders, [&](auto folder) { return path.starts_with(folder); });
}

bool is_word_character(char character) {
  return std::isalnum(static_cast<unsigned char>(character)) != 0 || character == '_';
}

/// True when `line` has one of `words` where `may_surround` accepts the characters on both sides.
template <std::size_t Count, class Accept>
bool has_any(std::string_view line, const std::array<std::string_view, Count>& words,
             Accept&& may_surround) {
  for (const std::string_view word : words) {
    for (std::size_t at = line.find(word); at != std::string_view::npos;
         at = line.find(word, at + 1)) {
      const char before = at == 0 ? ' ' : line[at - 1];
      const char after = at + word.size() < line.size() ? line[at + word.size()] : ' ';
      if (may_surround(before, after)) {
        return true;
      }
    }
  }
  return false;
}

// The words are taken apart so that this file passes.
constexpr std::array<std::string_view, 3> put_off = {"TO"
                                                     "DO",
                                                     "FIX"
                                                     "ME",
                                                     "XX"
                                                     "X"};
constexpr std::array<std::string_view, 3> machine_paths = {"/wo"
                                                           "rk/",
                                                           "/ro"
                                                           "ot/",
                                                           "/ho"
                                                           "me/"};

bool puts_work_off(std::string_view line) {
  return has_any(line, put_off, [](char before, char after) {
    return !is_word_character(before) && !is_word_character(after);
  });
}

/// Behind a variable or another folder the same words are part of a relative path.
bool has_machine_path(std::string_view line) {
  return has_any(line, machine_paths, [](char before, char) {
    return !is_word_character(before) && before != '.' && before != '}';
  });
}

bool is_condition(std::string_view line) {
  constexpr std::array<std::string_view, 4> words = {"if", "ifdef", "ifndef", "elif"};
  const auto skip_blanks = [&line] {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  };
  skip_blanks();
  if (!line.starts_with('#')) {
    return false;
  }
  line.remove_prefix(1);
  skip_blanks();
  const auto* const end = std::ranges::find_if_not(line, is_word_character);
  return std::ranges::contains(words, std::string_view(line.begin(), end));
}

void check_line(const SourceFile& file, std::size_t number, std::vector<Violation>& violations) {
  const std::string& line = file.lines[number - 1];
  const auto report = [&](bool is_wrong, std::string_view rule) {
    if (is_wrong) {
      violations.push_back({.path = file.path, .line = number, .rule = std::string(rule)});
    }
  };
  report(puts_work_off(line), "puts work off: do it, or file an issue");
  report(has_machine_path(line), "has a path of somebody's machine");
  report(std::string_view(" \t\r").contains(line.empty() ? 'x' : line.back()), "ends in a blank");
  report(is_cpp(file.path) && !may_have_conditions(file.path) && is_condition(line),
         "compiles under a condition: a difference between platforms is a different file");
}

bool near_top(const SourceFile& file, std::string_view text) {
  const auto top = std::span(file.lines).first(std::min<std::size_t>(file.lines.size(), 40));
  return std::ranges::any_of(top, [text](const std::string& line) { return line.contains(text); });
}

} // namespace

std::vector<Violation> check_text(const SourceFile& file) {
  std::vector<Violation> violations;
  if (!is_ours(file.path)) {
    return violations;
  }
  const auto report = [&](std::string rule) {
    violations.push_back({.path = file.path, .rule = std::move(rule)});
  };
  if (is_source(file.path) && !near_top(file, licence)) {
    report(std::format("lacks the line {}", licence));
  }
  if (file.path.ends_with(".hpp") && !near_top(file, "#pragma once")) {
    report("lacks #pragma once");
  }
  if (is_source(file.path) && file.lines.size() > max_lines) {
    report(std::format("has {} lines; expected {} at most", file.lines.size(), max_lines));
  }
  for (std::size_t number = 1; number <= file.lines.size(); ++number) {
    check_line(file, number, violations);
  }
  return violations;
}

} // namespace skerry::checks
