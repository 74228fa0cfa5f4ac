// SPDX-License-Identifier: Apache-2.0
// Symbol names as a backtrace shows them; see the header.
#include "link/names.hpp"

#include <array>
#include <cstdlib>
#include <cxxabi.h>
#include <memory>

namespace skerry::link {
namespace {

struct Free {
  void operator()(char* text) const { std::free(text); }
};

std::string demangle(const std::string& symbol) {
  int status = 0;
  const std::unique_ptr<char, Free> text(
      abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, &status));
  return text ? std::string(text.get()) : symbol;
}

struct Replacement {
  std::string_view from;
  std::string_view to;
};

/// What the demangler spells out and nobody writes.
constexpr std::array replacements{
    Replacement{"std::__1::", "std::"},
    Replacement{"std::basic_string_view<char, std::char_traits<char>>", "std::string_view"},
    Replacement{"std::basic_string<char, std::char_traits<char>, std::allocator<char>>",
                "std::string"},
    Replacement{", 18446744073709551615ul>", ">"}, // std::dynamic_extent
};

void replace_all(std::string& text, const Replacement& replacement) {
  for (std::size_t at = text.find(replacement.from); at != std::string::npos;
       at = text.find(replacement.from, at + replacement.to.size()))
    text.replace(at, replacement.from.size(), replacement.to);
}

/// Takes out what `[[gnu::abi_tag]]` has added: "[abi:fe190107]".
void drop_abi_tags(std::string& name) {
  constexpr std::string_view opening = "[abi:";
  for (std::size_t at = name.find(opening); at != std::string::npos; at = name.find(opening, at)) {
    const std::size_t end = name.find(']', at);
    name.erase(at, end == std::string::npos ? end : end + 1 - at);
  }
}

constexpr bool is_operator_character(char c) {
  return std::string_view("<>=-*!+/%&|^~,").contains(c);
}

/// Length of `operator<=>` and its kin at the front of `text`; 0 when it is none. Their brackets
/// are not those of arguments.
std::size_t operator_length(std::string_view text) {
  constexpr std::string_view word = "operator";
  if (!text.starts_with(word))
    return 0;
  if (text.substr(word.size()).starts_with("()"))
    return word.size() + 2;
  std::size_t length = word.size();
  while (length < text.size() && is_operator_character(text[length]))
    ++length;
  return length == word.size() ? 0 : length;
}

/// Where the bracket at the front of `text` is closed (one past it), or its end.
std::size_t bracket_length(std::string_view text) {
  const char open = text.front();
  const char close = open == '<' ? '>' : ')';
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(' && open == '<') // an expression: `>` may mean greater
      i += bracket_length(text.substr(i)) - 1;
    else if (text[i] == open)
      ++depth;
    else if (text[i] == close && (close != '>' || i == 0 || text[i - 1] != '-') && --depth == 0)
      return i + 1;
  }
  return text.size();
}

std::string drop_template_arguments(std::string_view name) {
  std::string result;
  while (!name.empty()) {
    const std::size_t length = operator_length(name);
    if (length != 0) {
      result += name.substr(0, length);
      name.remove_prefix(length);
    } else if (name.front() == '<') {
      result += "<>";
      name.remove_prefix(bracket_length(name));
    } else {
      result += name.front();
      name.remove_prefix(1);
    }
  }
  return result;
}

/// Where the parameter list begins: the last outermost "(" that does not open one of the
/// demangler's own remarks, such as "(anonymous namespace)" or "(.cold)".
std::size_t find_parameters(std::string_view name) {
  std::size_t found = std::string_view::npos;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (const std::size_t length = operator_length(name.substr(i)); length != 0) {
      i += length - 1;
    } else if (name[i] == '<') {
      i += bracket_length(name.substr(i)) - 1;
    } else if (name[i] == '(') {
      const std::string_view rest = name.substr(i);
      if (!rest.starts_with("(anonymous") && !rest.starts_with("(."))
        found = i;
      i += bracket_length(rest) - 1;
    }
  }
  return found;
}

std::string drop_parameters(const std::string& name) {
  const std::size_t start = find_parameters(name);
  if (start == std::string::npos)
    return name;
  const std::size_t length = bracket_length(std::string_view(name).substr(start));
  return name.substr(0, start) + "()" + name.substr(start + length);
}

} // namespace

std::string shorten(std::string_view name, std::size_t limit) {
  std::string result(name);
  if (result.size() > limit)
    result = drop_template_arguments(result);
  if (result.size() > limit)
    result = drop_parameters(result);
  if (result.size() > limit) {
    result.resize(limit - 3);
    result += "...";
  }
  return result;
}

std::string readable_name(std::string_view symbol) {
  std::string name(symbol);
  if (symbol.starts_with("_Z"))
    name = demangle(name);
  for (const Replacement& replacement : replacements)
    replace_all(name, replacement);
  drop_abi_tags(name);
  return shorten(name, name_limit);
}

} // namespace skerry::link
