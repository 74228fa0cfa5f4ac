// SPDX-License-Identifier: Apache-2.0
// Text from values, without allocation, locales or floating point: what the log and the fault
// report need. A pattern holds `{}` (default), `{:x}` (hexadecimal), `{:#x}` (with 0x),
// `{:016x}` (zero-filled to a width) and `{:8}` (space-filled); braces are doubled to stand for
// themselves. Patterns are checked against the arguments when the caller is compiled.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

namespace skerry {

/// One argument of a pattern with its type erased. Borrows text; lives as long as the call.
class FormatArgument {
public:
  enum class Kind : std::uint8_t { signed_integer, unsigned_integer, text, character, boolean };

  template <std::signed_integral T>
    requires(!std::same_as<T, char>)
  constexpr FormatArgument(T value)
      : kind(Kind::signed_integer), number(static_cast<std::uint64_t>(std::int64_t{value})) {}
  template <std::unsigned_integral T>
    requires(!std::same_as<T, bool> && !std::same_as<T, char>)
  constexpr FormatArgument(T value) : kind(Kind::unsigned_integer), number(value) {}
  constexpr FormatArgument(char value)
      : kind(Kind::character), number(static_cast<unsigned char>(value)) {}
  constexpr FormatArgument(bool value) : kind(Kind::boolean), number(value ? 1 : 0) {}
  constexpr FormatArgument(std::string_view value) : kind(Kind::text), text(value) {}
  constexpr FormatArgument(const char* value) : kind(Kind::text), text(value) {}

  Kind kind;
  std::uint64_t number = 0;
  std::string_view text;
};

namespace detail {

/// How many `{…}` fields `pattern` has, or -1 when its braces do not match.
constexpr int count_fields(std::string_view pattern) {
  int fields = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool doubled = i + 1 < pattern.size() && pattern[i + 1] == pattern[i];
    if (pattern[i] == '{' && !doubled) {
      const std::size_t close = pattern.find('}', i);
      if (close == std::string_view::npos) {
        return -1;
      }
      ++fields;
      i = close;
    } else if (pattern[i] == '{' || pattern[i] == '}') {
      if (!doubled) {
        return -1;
      }
      ++i;
    }
  }
  return fields;
}

void pattern_does_not_match_its_arguments();

} // namespace detail

/// A pattern that was checked at compile time to have as many fields as there are arguments.
template <class... Arguments> class FormatPattern {
public:
  template <std::convertible_to<std::string_view> Text>
  consteval FormatPattern(const Text& text) : text_(text) {
    if (detail::count_fields(text_) != static_cast<int>(sizeof...(Arguments))) {
      detail::pattern_does_not_match_its_arguments();
    }
  }
  [[nodiscard]] constexpr std::string_view text() const { return text_; }

private:
  std::string_view text_;
};

/// Writes the formatted text into `output` and returns the part that was written. Text that does
/// not fit is cut off. Any context, interrupts included.
std::string_view format_arguments(std::span<char> output, std::string_view pattern,
                                  std::span<const FormatArgument> arguments);

/// Type-safe front of format_arguments().
template <class... Arguments>
std::string_view format_to(std::span<char> output,
                           std::type_identity_t<FormatPattern<Arguments...>> pattern,
                           const Arguments&... arguments) {
  if constexpr (sizeof...(Arguments) == 0) {
    return format_arguments(output, pattern.text(), {});
  } else {
    const FormatArgument list[] = {FormatArgument(arguments)...};
    return format_arguments(output, pattern.text(), list);
  }
}

} // namespace skerry
