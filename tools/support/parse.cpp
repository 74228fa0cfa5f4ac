// SPDX-License-Identifier: Apache-2.0
// From words that a user typed to values; see the header.
#include "support/parse.hpp"

#include "support/failure.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <system_error>

namespace skerry {
namespace {

struct Unit {
  char letter;
  unsigned shift;
};

constexpr std::array units{Unit{'G', 30}, Unit{'M', 20}, Unit{'K', 10}};

std::optional<std::uint64_t> whole_number(std::string_view word) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc{} || end != word.data() + word.size())
    return std::nullopt;
  return value;
}

std::optional<std::uint64_t> size_with_unit(std::string_view word) {
  for (const Unit& unit : units) {
    if (word.empty() || (word.back() != unit.letter && word.back() != unit.letter + ('a' - 'A')))
      continue;
    const auto count = whole_number(word.substr(0, word.size() - 1));
    if (!count || *count > std::numeric_limits<std::uint64_t>::max() >> unit.shift)
      return std::nullopt;
    return *count << unit.shift;
  }
  return std::nullopt;
}

} // namespace

std::uint64_t parse_number(std::string_view option, std::string_view word, std::uint64_t least,
                           std::uint64_t most) {
  const auto value = whole_number(word);
  if (!value || *value < least || *value > most)
    throw Failure("{} {}: expected a number from {} to {}", option, word, least, most);
  return *value;
}

std::uint64_t parse_size(std::string_view option, std::string_view word, std::uint64_t least,
                         std::uint64_t most) {
  const auto bytes = size_with_unit(word);
  if (!bytes)
    throw Failure("{} {}: expected a size with its unit, such as 64M or 1G", option, word);
  if (*bytes < least || *bytes > most)
    throw Failure("{} {}: expected a size from {} to {}", option, word, format_size(least),
                  format_size(most));
  return *bytes;
}

std::string format_size(std::uint64_t bytes) {
  for (const Unit& unit : units) {
    if (bytes != 0 && (bytes >> unit.shift) << unit.shift == bytes)
      return std::format("{}{}", bytes >> unit.shift, unit.letter);
  }
  return std::to_string(bytes);
}

std::vector<std::string> split_words(std::string_view line) {
  std::vector<std::string> words;
  bool quoted = false;
  bool in_word = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
      if (!in_word)
        words.emplace_back();
      in_word = true;
    } else if (!quoted && (c == ' ' || c == '\t')) {
      in_word = false;
    } else {
      if (!in_word)
        words.emplace_back();
      in_word = true;
      words.back().push_back(c);
    }
  }
  if (quoted)
    throw Failure("kernel command line {}: a double quote is left open", line);
  return words;
}

std::string join_words(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) {
    if (word.find_first_of("\"\n\r") != std::string::npos)
      throw Failure(
          "argument {}: a kernel command line cannot carry a double quote or a line break", word);
    if (!line.empty())
      line += ' ';
    const bool plain = !word.empty() && word.find_first_of(" \t") == std::string::npos;
    line += plain ? word : std::format("\"{}\"", word);
  }
  return line;
}

} // namespace skerry
