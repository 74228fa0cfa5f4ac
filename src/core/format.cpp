// SPDX-License-Identifier: Apache-2.0
// The formatter behind core/format.hpp.
#include <core/format.hpp>

namespace skerry {
namespace {

/// What stands between the braces of a field.
struct FieldStyle {
  bool hexadecimal = false;
  bool prefix = false;
  bool zero_fill = false;
  std::size_t width = 0;
};

/// Collects characters and drops those that do not fit.
class Sink {
public:
  explicit Sink(std::span<char> output) : output_(output) {}

  void put(char character) {
    if (used_ < output_.size()) {
      output_[used_++] = character;
    }
  }
  void put(std::string_view text) {
    for (const char character : text) {
      put(character);
    }
  }
  void fill(char character, std::size_t width, std::size_t present) {
    for (std::size_t i = present; i < width; ++i) {
      put(character);
    }
  }
  [[nodiscard]] std::string_view text() const { return {output_.data(), used_}; }

private:
  std::span<char> output_;
  std::size_t used_ = 0;
};

FieldStyle parse_style(std::string_view field) {
  FieldStyle style;
  for (const char character : field) {
    if (character == 'x') {
      style.hexadecimal = true;
    } else if (character == '#') {
      style.prefix = true;
    } else if (character == '0' && style.width == 0) {
      style.zero_fill = true;
    } else if (character >= '0' && character <= '9') {
      style.width = style.width * 10 + static_cast<std::size_t>(character - '0');
    }
  }
  return style;
}

void put_number(Sink& sink, std::uint64_t magnitude, bool negative, const FieldStyle& style) {
  char digits[20];
  std::size_t count = 0;
  const std::uint64_t base = style.hexadecimal ? 16 : 10;
  do {
    digits[count++] = "0123456789abcdef"[magnitude % base];
    magnitude /= base;
  } while (magnitude != 0);

  const bool prefix = style.hexadecimal && style.prefix;
  const std::size_t length = count + (negative ? 1 : 0) + (prefix ? 2 : 0);
  if (!style.zero_fill) {
    sink.fill(' ', style.width, length);
  }
  if (negative) {
    sink.put('-');
  }
  if (prefix) {
    sink.put("0x");
  }
  if (style.zero_fill) {
    sink.fill('0', style.width, length);
  }
  while (count != 0) {
    sink.put(digits[--count]);
  }
}

void put_text(Sink& sink, std::string_view text, const FieldStyle& style) {
  sink.put(text);
  sink.fill(' ', style.width, text.size());
}

void put_argument(Sink& sink, const FormatArgument& argument, const FieldStyle& style) {
  switch (argument.kind) {
  case FormatArgument::Kind::text:
    return put_text(sink, argument.text, style);
  case FormatArgument::Kind::boolean:
    return put_text(sink, argument.number != 0 ? "true" : "false", style);
  case FormatArgument::Kind::character: {
    const char character = static_cast<char>(argument.number);
    return put_text(sink, {&character, 1}, style);
  }
  case FormatArgument::Kind::unsigned_integer:
    return put_number(sink, argument.number, false, style);
  case FormatArgument::Kind::signed_integer: {
    const bool negative = static_cast<std::int64_t>(argument.number) < 0;
    return put_number(sink, negative ? 0 - argument.number : argument.number, negative, style);
  }
  }
}

} // namespace

std::string_view format_arguments(std::span<char> output, std::string_view pattern,
                                  std::span<const FormatArgument> arguments) {
  Sink sink(output);
  std::size_t next = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool doubled = i + 1 < pattern.size() && pattern[i + 1] == pattern[i];
    if (pattern[i] == '{' && !doubled && next < arguments.size()) {
      const std::size_t close = pattern.find('}', i);
      const std::string_view field = pattern.substr(i + 1, close - i - 1);
      put_argument(sink, arguments[next++], parse_style(field));
      i = close;
      continue;
    }
    sink.put(pattern[i]);
    if ((pattern[i] == '{' || pattern[i] == '}') && doubled) {
      ++i;
    }
  }
  return sink.text();
}

} // namespace skerry
