// SPDX-License-Identifier: Apache-2.0
// Reads what a test says to lit; see the header.
#include "test/libcxx/directives.hpp"

#include "support/failure.hpp"
#include "support/parse.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

namespace skerry::libcxx {
namespace {

/// What follows `keyword` in a line, unless the keyword is the end of a longer one.
std::optional<std::string_view> after(std::string_view line, std::string_view keyword) {
  const std::size_t at = line.find(keyword);
  if (at == std::string_view::npos)
    return std::nullopt;
  if (at > 0 && (std::isalnum(static_cast<unsigned char>(line[at - 1])) != 0 ||
                 line[at - 1] == '-' || line[at - 1] == '_'))
    return std::nullopt;
  return trimmed(line.substr(at + keyword.size()));
}

/// A list of expressions, which goes on in the next line of its kind after a backslash.
void add_expressions(std::string_view line, std::vector<std::string>& expressions) {
  for (const std::string& part : split(line, ",")) {
    const std::string expression(trimmed(part));
    if (expression.empty())
      continue;
    if (!expressions.empty() && expressions.back().ends_with('\\')) {
      expressions.back().pop_back();
      expressions.back() += expression;
    } else {
      expressions.push_back(expression);
    }
  }
}

/// `: FLAGS` or `(FEATURE): FLAGS`.
void add_flags(std::string_view line, Directives& directives) {
  std::string feature;
  if (line.starts_with('(')) {
    const std::size_t end = line.find(')');
    if (end == std::string_view::npos)
      return;
    feature = line.substr(1, end - 1);
    line.remove_prefix(end + 1);
  }
  if (!line.starts_with(':'))
    return;
  for (std::string& flag : split(line.substr(1), " \t"))
    directives.flags.emplace_back(feature, std::move(flag));
}

/// What follows a keyword is for one function.
struct Reader {
  std::string_view keyword;
  void (*read)(std::string_view rest, Directives& directives);
};

constexpr std::array readers{
    Reader{"UNSUPPORTED:", [](auto rest, auto& to) { add_expressions(rest, to.unsupported); }},
    Reader{"REQUIRES:", [](auto rest, auto& to) { add_expressions(rest, to.required); }},
    Reader{"XFAIL:", [](auto rest, auto& to) { add_expressions(rest, to.expected_fail); }},
    Reader{"ADDITIONAL_COMPILE_FLAGS", add_flags},
    Reader{"FILE_DEPENDENCIES:",
           [](auto rest, auto& to) { to.files.append_range(split(rest, ", \t")); }},
    Reader{"ALLOW_RETRIES:",
           [](auto rest, auto& to) {
             to.retries = static_cast<unsigned>(parse_number("ALLOW_RETRIES", rest, 0, 100));
           }},
};

void read_line(std::string_view line, Directives& directives) {
  for (const Reader& reader : readers)
    if (const auto rest = after(line, reader.keyword))
      return reader.read(*rest, directives);
}

} // namespace

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t\r") + 1 - first);
}

std::vector<std::string> split(std::string_view text, std::string_view separators) {
  std::vector<std::string> parts;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find_first_of(separators, start), text.size());
    if (end > start)
      parts.emplace_back(text.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

Directives read_directives(std::string_view text) {
  Directives directives;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    if (after(line, "END.") == "")
      break;
    read_line(line, directives);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return directives;
}

} // namespace skerry::libcxx
