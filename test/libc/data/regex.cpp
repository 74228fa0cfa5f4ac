// SPDX-License-Identifier: Apache-2.0
// Runs the regular expressions of Henry Spencer's tests, which glibc has as posix/rxspencer/tests,
// through regcomp() and regexec(). That file says at its head what its lines mean; those with a
// flag that POSIX has no word for (m, p, #) and those of regex_skipped.txt are skipped, those of
// regex_excluded.txt are excluded.
#include "list.hpp"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>
#include <regex.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

constexpr std::size_t groups = 10;

struct Case {
  std::string pattern;
  std::string flags;
  std::string subject;              ///< or the name of an error
  std::optional<std::string> match; ///< none: it does not match
  std::vector<std::string> parts;   ///< of the subexpressions
};

std::vector<std::string> split(const std::string& line, char separator, bool keep_empty) {
  std::vector<std::string> fields(1);
  for (const char letter : line) {
    if (letter != separator)
      fields.back() += letter;
    else if (keep_empty || !fields.back().empty())
      fields.emplace_back();
  }
  return fields;
}

/// The letters that stand for what cannot be seen, and the empty field.
std::string decode(const std::string& field) {
  if (field == "\"\"")
    return "";
  std::string text = field;
  std::ranges::replace(text, 'N', '\n');
  std::ranges::replace(text, 'T', '\t');
  std::ranges::replace(text, 'S', ' ');
  std::ranges::replace(text, 'Z', '\0');
  return text;
}

/// [[:<:]] and [[:>:]] are \< and \> here, as in glibc.
std::string decode_pattern(const std::string& field) {
  std::string text = decode(field);
  for (const auto& [from, to] : {std::pair{"[[:<:]]", "\\<"}, std::pair{"[[:>:]]", "\\>"}})
    for (std::size_t at = 0; (at = text.find(from)) != std::string::npos;)
      text.replace(at, std::string_view(from).size(), to);
  return text;
}

Case parse(const std::vector<std::string>& fields) {
  const bool is_error = fields[1].contains('C');
  Case parsed{.pattern = decode_pattern(fields[0]),
              .flags = fields[1],
              .subject = is_error ? fields[2] : decode(fields[2]),
              .match = {},
              .parts = {}};
  if (fields.size() > 3)
    parsed.match = decode(fields[3]);
  if (fields.size() > 4)
    parsed.parts = split(decode(fields[4]), ',', true);
  return parsed;
}

/// What is wrong with one group; empty: nothing.
std::string check_group(const std::string& subject, const regmatch_t& group,
                        const std::string& expected) {
  if (expected == "-")
    return group.rm_so == -1 ? "" : "a group has matched that should not";
  if (group.rm_so == -1)
    return "\"" + expected + "\" was to be matched by a group that has not";
  const std::string_view rest = std::string_view(subject).substr(static_cast<size_t>(group.rm_so));
  const std::string_view got = rest.substr(0, static_cast<size_t>(group.rm_eo - group.rm_so));
  if (expected.starts_with('@')) {
    const std::string_view behind = std::string_view(expected).substr(1);
    const bool here = behind.empty() ? rest.empty() : rest.starts_with(behind);
    return got.empty() && here ? "" : "\"" + std::string(got) + "\" matched, not what is empty";
  }
  return got == expected ? "" : "\"" + std::string(got) + "\" matched, not \"" + expected + "\"";
}

std::string check_match(const Case& test, const regmatch_t* group) {
  std::string trouble = check_group(test.subject, group[0], *test.match);
  if (test.parts.empty())
    return trouble;
  for (std::size_t index = 1; index < groups && trouble.empty(); ++index)
    trouble = check_group(test.subject, group[index],
                          index <= test.parts.size() ? test.parts[index - 1] : "-");
  return trouble;
}

std::string run(const Case& test, int flags) {
  const auto has = [&](char flag) { return test.flags.contains(flag); };
  regex_t expression;
  const int error = regcomp(&expression, test.pattern.c_str(),
                            flags | (has('i') ? REG_ICASE : 0) | (has('s') ? REG_NOSUB : 0) |
                                (has('n') ? REG_NEWLINE : 0));
  if (error != 0) // which of several errors is told is left to who tells it
    return has('C') ? "" : "regcomp() refuses it";
  regmatch_t group[groups];
  const int result = regexec(&expression, test.subject.c_str(), groups, group,
                             (has('^') ? REG_NOTBOL : 0) | (has('$') ? REG_NOTEOL : 0));
  regfree(&expression);
  // POSIX leaves the empty expression undefined, and musl takes it.
  if (has('C'))
    return test.subject == "EMPTY" ? "" : "regcomp() takes it";
  if ((result == 0) != test.match.has_value())
    return result == 0 ? "it matches" : "it does not match";
  return result != 0 || has('s') ? "" : check_match(test, group);
}

std::string run_all(const Case& test) {
  const bool basic = test.flags.contains('b');
  std::string trouble = run(test, basic ? 0 : REG_EXTENDED);
  if (trouble.empty() && test.flags.contains('&'))
    trouble = run(test, 0);
  return trouble;
}

/// A line's fields with one tab between two.
std::string key_of(const std::vector<std::string>& fields) {
  std::string key;
  for (const std::string& field : fields)
    key += (key.empty() ? "" : "\t") + field;
  return key;
}

} // namespace

int main() {
  std::map<std::string, std::string> excluded = read_list("/regex_excluded.txt");
  std::map<std::string, std::string> undefined = read_list("/regex_skipped.txt");
  std::ifstream file("/regex_tests.txt");
  std::size_t passed = 0;
  std::size_t skipped = 0;
  std::size_t failed = 0;
  const std::size_t left_out = excluded.size();
  for (std::string line; std::getline(file, line);) {
    const std::vector<std::string> fields = split(line, '\t', false);
    if (line.starts_with('#') || fields.size() < 3)
      continue;
    if (fields[1].find_first_of("mp#") != std::string::npos ||
        undefined.erase(key_of(fields)) != 0) {
      ++skipped;
    } else if (excluded.erase(key_of(fields)) == 0) {
      const std::string trouble = run_all(parse(fields));
      passed += trouble.empty() ? 1 : 0;
      failed += trouble.empty() ? 0 : 1;
      if (!trouble.empty())
        std::cout << "FAILED " << key_of(fields) << " | " << trouble << '\n';
    }
  }
  excluded.merge(undefined);
  for (const auto& [key, reason] : excluded)
    std::cout << "FAILED " << key << ": there is no such line\n";
  std::cout << passed << " expressions passed, " << failed << " failed, " << skipped
            << " skipped for what is not of POSIX, " << left_out << " excluded\n";
  const std::size_t all = passed + failed + left_out;
  return failed == 0 && excluded.empty() && passed > 0 && left_out * 20 < all ? 0 : 1;
}
