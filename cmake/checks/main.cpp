// SPDX-License-Identifier: Apache-2.0
// tree_check list ROOT ENDING…   prints the files of the tree with these endings
// tree_check floors ROOT         checks every include against cmake/checks/floors.txt
// tree_check text ROOT           checks the text of every file
// The checks print one line for each violation and end with status 1 when there was one.
#include "cmake/checks/floors.hpp"
#include "cmake/checks/text.hpp"
#include "cmake/checks/tree.hpp"

#include <algorithm>
#include <exception>
#include <print>
#include <set>
#include <span>

namespace skerry::checks {
namespace {

using Arguments = std::span<char*>;
constexpr int status_usage = 2;

int list(const std::filesystem::path& root, Arguments endings) {
  for (const std::string& path : list_files(root)) {
    if (std::ranges::any_of(endings, [&path](const char* end) { return path.ends_with(end); })) {
      std::println("{}", path);
    }
  }
  return 0;
}

/// Runs `check` over the files that `wanted` names and prints what it finds.
template <class Wanted, class Check>
int run(const std::filesystem::path& root, Wanted&& wanted, Check&& check) {
  std::size_t checked = 0;
  std::size_t found = 0;
  for (const std::string& path : list_files(root)) {
    if (!wanted(path)) {
      continue;
    }
    ++checked;
    for (const Violation& violation : check(read_source(root, path))) {
      ++found;
      std::println("{}:{}: {}", violation.path, violation.line, violation.rule);
    }
  }
  std::println("{} files, {} violations", checked, found);
  return found == 0 && checked != 0 ? 0 : 1;
}

int check_floors_of(const std::filesystem::path& root) {
  const auto paths = list_files(root);
  const std::set<std::string> known(paths.begin(), paths.end());
  std::string table;
  for (const std::string& line : read_source(root, "cmake/checks/floors.txt").lines) {
    table += line + '\n';
  }
  const auto rules = parse_floor_rules(table);
  const auto wanted = [](const std::string& path) {
    return is_cpp(path) || path.ends_with(".S") || path.ends_with(".def");
  };
  return run(root, wanted, [&](const SourceFile& file) {
    return check_floors(file, rules, [&](const std::string& path) { return known.contains(path); });
  });
}

int run_command(Arguments arguments) {
  if (arguments.size() < 3) {
    std::println(stderr, "tree_check: expected list, floors or text, then the tree's top folder");
    return status_usage;
  }
  const std::string_view command = arguments[1];
  const std::filesystem::path root(arguments[2]);
  if (command == "list") {
    return list(root, arguments.subspan(3));
  }
  if (command == "floors") {
    return check_floors_of(root);
  }
  if (command == "text") {
    return run(root, [](const std::string&) { return true; }, check_text);
  }
  std::println(stderr, "tree_check: {}: expected list, floors or text", command);
  return status_usage;
}

} // namespace
} // namespace skerry::checks

int main(int count, char** arguments) {
  try {
    return skerry::checks::run_command({arguments, static_cast<std::size_t>(count)});
  } catch (const std::exception& error) {
    std::println(stderr, "tree_check: {}", error.what());
    return skerry::checks::status_usage;
  }
}
