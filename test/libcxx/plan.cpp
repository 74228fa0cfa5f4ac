// SPDX-License-Identifier: Apache-2.0
// Chooses the tests; see the header.
#include "test/libcxx/plan.hpp"

#include "support/failure.hpp"
#include "support/file.hpp"
#include "test/libcxx/directives.hpp"

#include <algorithm>
#include <optional>
#include <ranges>
#include <regex>
#include <sstream>

namespace skerry::libcxx {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> meaningful_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);)
    if (const std::string_view words = trimmed(line); !words.empty() && !words.starts_with('#'))
      lines.emplace_back(words);
  return lines;
}

/// A feature's name, which may hold {{…}}, as a regular expression.
std::string pattern_of(const std::string& name) {
  std::string pattern;
  std::ignore = evaluate(name, [&](const Word& word) {
    pattern = word.pattern;
    return true;
  });
  return pattern;
}

/// The names of what is to be run, not only compiled.
std::vector<std::string> find_tests(const fs::path& source, const std::string& folder) {
  if (!fs::is_directory(source / folder))
    throw Failure("folders.txt names {}, which {} does not have", folder, source.string());
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(source / folder)) {
    const std::string name = fs::relative(entry.path(), source).generic_string();
    if (name.ends_with(".pass.cpp") && !name.ends_with(".compile.pass.cpp") &&
        !name.ends_with(".link.pass.cpp"))
      names.push_back(name);
  }
  if (names.empty())
    throw Failure("folders.txt names {}, in which there are no tests", folder);
  return names;
}

/// What turns a test away, in words; nothing when it is for us.
std::optional<std::string> turned_away(const Features& features, const Directives& directives) {
  std::optional<std::string> why;
  for (const std::string& expression : directives.unsupported)
    if (features.evaluate(expression) && !why)
      why = "UNSUPPORTED: " + expression;
  for (const std::string& expression : directives.required)
    if (!features.evaluate(expression) && !why)
      why = "REQUIRES: " + expression;
  return why;
}

Test describe(const std::string& name, const Features& features, const Directives& directives) {
  Test test{.name = name, .files = directives.files, .retries = directives.retries};
  for (const auto& [feature, flag] : directives.flags)
    if (feature.empty() || features.has(feature))
      test.flags.push_back(flag);
  for (const std::string& expression : directives.expected_fail)
    test.expected_to_fail |= expression == "*" || features.evaluate(expression);
  return test;
}

} // namespace

Features::Features(const std::string& text) {
  for (const auto& [name, value] : read_list(text)) {
    if (value == "yes")
      present_.emplace(name, value);
    else if (value.starts_with("no, "))
      absent_.emplace_back(pattern_of(name), value.substr(4));
    else
      throw Failure("features.txt says \"{}\" of {}; expected \"yes\" or \"no, REASON\"", value,
                    name);
  }
}

bool Features::holds(const Word& word) const {
  const std::regex pattern(word.pattern);
  const auto matches = [&](const std::string& name) { return std::regex_match(name, pattern); };
  if (std::ranges::any_of(std::views::keys(present_), matches))
    return true;
  const auto covers = [&](const auto& absent) {
    return std::regex_match(word.text, std::regex(absent.first));
  };
  if (word.is_name && std::ranges::none_of(absent_, covers))
    throw Failure("features.txt has no line for {}", word.text);
  return false;
}

bool Features::evaluate(const std::string& expression) const {
  return libcxx::evaluate(expression, [this](const Word& word) { return holds(word); });
}

std::vector<std::pair<std::string, std::string>> read_list(const std::string& text) {
  std::vector<std::pair<std::string, std::string>> list;
  for (const std::string& line : meaningful_lines(text)) {
    const std::size_t bar = line.find(" | ");
    if (bar == std::string::npos)
      throw Failure("the line \"{}\" of a list has no \" | \"; expected NAME | REASON", line);
    list.emplace_back(trimmed(line.substr(0, bar)), trimmed(line.substr(bar + 3)));
  }
  return list;
}

Plan make_plan(const fs::path& source, const fs::path& lists, bool only_excluded) {
  const Features features(read_text(lists / "features.txt"));
  Plan plan{.excluded = read_list(read_text(lists / "excluded.txt"))};
  std::map<std::string, std::string> excluded;
  for (const auto& [name, reason] : plan.excluded)
    if (!excluded.emplace(name, reason).second)
      throw Failure("excluded.txt names {} twice", name);

  std::vector<std::string> names;
  for (const std::string& folder : meaningful_lines(read_text(lists / "folders.txt")))
    names.append_range(find_tests(source, folder));
  std::ranges::sort(names);
  for (const std::string& name : names) {
    const Directives directives = read_directives(read_text(source / name));
    if (const auto why = turned_away(features, directives))
      plan.off[*why].push_back(name);
    else if ((excluded.erase(name) != 0) == only_excluded)
      plan.tests.push_back(describe(name, features, directives));
  }
  if (!excluded.empty())
    throw Failure("excluded.txt names {}, which is no test or is turned away by its own words",
                  excluded.begin()->first);
  return plan;
}

} // namespace skerry::libcxx
