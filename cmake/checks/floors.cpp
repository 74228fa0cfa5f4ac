// SPDX-License-Identifier: Apache-2.0
// See the header.
#include "cmake/checks/floors.hpp"

#include <algorithm>
#include <format>
#include <optional>
#include <ranges>
#include <sstream>
#include <stdexcept>

namespace skerry::checks {
namespace {

/// What stands in an include line.
struct Include {
  std::string name;
  bool in_quotes = false;
};

std::optional<Include> parse_include(std::string_view line) {
  const auto skip_blanks = [&line] {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  };
  skip_blanks();
  if (!line.starts_with('#')) {
    return std::nullopt;
  }
  line.remove_prefix(1);
  skip_blanks();
  if (!line.starts_with("include")) {
    return std::nullopt;
  }
  line.remove_prefix(std::string_view("include").size());
  skip_blanks();
  if (line.empty() || (line.front() != '<' && line.front() != '"')) {
    return std::nullopt;
  }
  const bool in_quotes = line.front() == '"';
  const std::size_t end = line.find(in_quotes ? '"' : '>', 1);
  return Include{.name = std::string(line.substr(1, end - 1)), .in_quotes = in_quotes};
}

/// The path in the tree of what `include` in `from` means, or nothing when it is none of ours.
std::optional<std::string> resolve(const Include& include, const std::string& from,
                                   const FileExists& exists) {
  const std::string own_folder = from.substr(0, from.rfind('/') + 1);
  std::vector<std::string> places = {"", "include/", "api/"};
  if (include.in_quotes) {
    places.insert(places.begin(), own_folder);
  }
  if (from.starts_with("tools/") || from.starts_with("test/")) {
    places.emplace_back("tools/");
  }
  for (const std::string& place : places) {
    std::string path = std::filesystem::path(place + include.name).lexically_normal();
    if (exists(path)) {
      return path;
    }
  }
  return std::nullopt;
}

const FloorRule* find_rule(const std::vector<FloorRule>& rules, std::string_view path) {
  const FloorRule* best = nullptr;
  for (const FloorRule& rule : rules) {
    if (path.starts_with(rule.folder) &&
        (best == nullptr || rule.folder.size() > best->folder.size())) {
      best = &rule;
    }
  }
  return best;
}

/// Adds `word` to what the last rule allows.
void allow(std::vector<FloorRule>& rules, const std::string& word) {
  FloorRule& last = rules.back();
  if (word != "+") {
    last.allowed.push_back(word);
    return;
  }
  const std::vector<FloorRule> earlier(rules.begin(), rules.end() - 1);
  const FloorRule* around = find_rule(earlier, last.folder);
  if (around == nullptr) {
    throw std::runtime_error(
        std::format("{}: + but no rule is for the folder around", last.folder));
  }
  last.allowed.insert(last.allowed.end(), around->allowed.begin(), around->allowed.end());
}

} // namespace

std::vector<FloorRule> parse_floor_rules(std::string_view text) {
  std::vector<FloorRule> rules;
  for (const std::string& line : split_lines(text)) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::string word;
    const bool continues = line.starts_with(' ');
    if (!continues && words >> word) {
      if (!word.ends_with(':')) {
        throw std::runtime_error(std::format("\"{}\": expected `folder: prefix …`", line));
      }
      word.pop_back();
      rules.push_back({.folder = word, .allowed = {}});
    }
    if (rules.empty() && words >> word) {
      throw std::runtime_error(std::format("\"{}\": continues no rule", line));
    }
    while (words >> word) {
      allow(rules, word);
    }
  }
  return rules;
}

std::vector<Violation> check_floors(const SourceFile& file, const std::vector<FloorRule>& rules,
                                    const FileExists& exists) {
  std::vector<Violation> violations;
  const FloorRule* rule = find_rule(rules, file.path);
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    const auto include = parse_include(file.lines[i]);
    if (!include) {
      continue;
    }
    const auto target = resolve(*include, file.path, exists);
    const auto report = [&](std::string text) {
      violations.push_back({.path = file.path, .line = i + 1, .rule = std::move(text)});
    };
    if (!target) {
      if (include->in_quotes) {
        report(std::format("\"{}\" is no file of the tree", include->name));
      }
    } else if (rule == nullptr) {
      report(std::format("includes {}, but no rule is for this folder", *target));
    } else if (std::ranges::none_of(rule->allowed, [&target](const std::string& prefix) {
                 return target->starts_with(prefix);
               })) {
      report(std::format("{} may not include {}", rule->folder, *target));
    }
  }
  return violations;
}

} // namespace skerry::checks
