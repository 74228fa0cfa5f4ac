// SPDX-License-Identifier: Apache-2.0
// What skerry-ld has to know of the linker's command line; see the header.
#include "link/arguments.hpp"

#include "support/failure.hpp"
#include "support/file.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <ranges>

namespace skerry::link {
namespace {

constexpr int deepest_response = 10; // against a file that names itself

constexpr std::array<std::string_view, 6> not_an_image{"-r",       "--relocatable", "-shared",
                                                       "--shared", "-Bshareable",   "--Bshareable"};

/// Options whose value is the next word, so that a value is not taken for an option.
constexpr std::array<std::string_view, 14> with_value{
    "-T", "--script", "-L",      "-l", "-m",   "-e",          "-u",
    "-z", "-h",       "-soname", "-y", "-Map", "-plugin-opt", "-dynamic-linker"};

std::vector<std::string> expanded(const std::vector<std::string>& words, int depth) {
  std::vector<std::string> result;
  for (const std::string& word : words) {
    if (!word.starts_with('@') || depth == 0) {
      result.push_back(word);
      continue;
    }
    try {
      const auto inner = expanded(split_response(read_text(word.substr(1))), depth - 1);
      result.insert(result.end(), inner.begin(), inner.end());
    } catch (const Failure&) {
      result.push_back(word);
    }
  }
  return result;
}

/// The value of an option that stands in the same word: -oFILE, --output=FILE.
std::optional<std::string> joined_output(const std::string& word) {
  constexpr std::string_view long_option = "--output=";
  if (word.starts_with(long_option))
    return word.substr(long_option.size());
  if (word.starts_with("-o") && word.size() > 2 && word != "-omagic")
    return word.substr(2);
  return std::nullopt;
}

} // namespace

std::vector<std::string> split_response(std::string_view text) {
  std::vector<std::string> words;
  char quote = 0;
  bool in_word = false;
  const auto current = [&]() -> std::string& {
    if (!in_word)
      words.emplace_back();
    in_word = true;
    return words.back();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && i + 1 < text.size()) {
      current() += text[++i];
    } else if (quote != 0 && c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '"' || c == '\'')) {
      current(); // quotes with nothing between them are a word too
      quote = c;
    } else if (quote == 0 && std::string_view(" \t\r\n").contains(c)) {
      in_word = false;
    } else {
      current() += c;
    }
  }
  return words;
}

ImageParts parse_image_parts(std::string_view text, std::string_view sdk) {
  constexpr std::string_view placeholder = "<SDK>";
  ImageParts parts;
  for (const auto line : std::views::split(text, '\n')) {
    std::string word(std::string_view(line).substr(0, std::string_view(line).find('#')));
    while (word.ends_with(' '))
      word.pop_back();
    if (word.empty())
      continue;
    if (const std::size_t at = word.find(placeholder); at != std::string::npos)
      word.replace(at, placeholder.size(), sdk);
    (word.starts_with('-') ? parts.options : parts.files).push_back(word);
  }
  return parts;
}

LinkArguments parse_link_arguments(const std::vector<std::string>& words) {
  LinkArguments arguments;
  const auto all = expanded(words, deepest_response);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool has_next = i + 1 < all.size();
    if ((all[i] == "-o" || all[i] == "--output" || all[i] == "-output") && has_next)
      arguments.output = all[++i];
    else if (const auto output = joined_output(all[i]))
      arguments.output = *output;
    else if (std::ranges::contains(not_an_image, all[i]))
      arguments.makes_image = false;
    else if (std::ranges::contains(with_value, all[i]))
      ++i;
  }
  return arguments;
}

} // namespace skerry::link
