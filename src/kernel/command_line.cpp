// SPDX-License-Identifier: Apache-2.0
// Reading the command line. A table says which arguments there are.
#include <core/format.hpp>
#include <kernel/command_line.hpp>
#include <kernel/exit.hpp>
#include <kernel/log_ring.hpp>

namespace skerry::kernel {
namespace {

constexpr std::string_view mmio_prefix = "virtio_mmio.device=";

/// One kernel argument: with a value when the name ends in `=`.
struct Option {
  std::string_view name;
  std::string_view expected;
  bool (*apply)(std::string_view value, CommandLine& result);
};

bool apply_quiet(std::string_view, CommandLine& result) {
  result.console_level = log::Level::error;
  return true;
}

bool apply_log(std::string_view value, CommandLine& result) {
  if (value == "error") {
    result.console_level = log::Level::error;
  } else if (value == "warning") {
    result.console_level = log::Level::warning;
  } else if (value == "info") {
    result.console_level = log::Level::info;
  } else if (value == "debug") {
    result.console_level = log::Level::debug;
  } else {
    return false;
  }
  return true;
}

bool apply_trace(std::string_view, CommandLine& result) {
  result.trace_calls = true;
  return true;
}

bool apply_status(std::string_view value, CommandLine& result) {
  constexpr std::uint32_t most = 86'400;
  std::uint32_t seconds = 0;
  for (const char digit : value) {
    if (digit < '0' || digit > '9' || seconds > most) {
      return false;
    }
    seconds = 10 * seconds + static_cast<std::uint32_t>(digit - '0');
  }
  result.status_seconds = seconds;
  return seconds != 0 && seconds <= most;
}

bool apply_mmio(std::string_view value, CommandLine& result) {
  if (result.mmio_count == CommandLine::max_words) {
    return false;
  }
  result.mmio_words[result.mmio_count++] = value;
  return true;
}

bool apply_ip(std::string_view value, CommandLine& result) {
  if (result.ip_is_default) {
    result.ip_is_default = false;
    result.ip_count = 0;
  }
  if (result.ip_count == CommandLine::max_ip_words) {
    return false;
  }
  result.ip_words[result.ip_count++] = value;
  return true;
}

bool apply_variable(std::string_view value, CommandLine& result) {
  const std::size_t sign = value.find('=');
  if (sign == 0 || sign == std::string_view::npos ||
      result.variable_count == CommandLine::max_words) {
    return false;
  }
  result.variable_words[result.variable_count++] = value;
  return true;
}

constexpr Option options[] = {
    {"quiet", "no value", apply_quiet},
    {"log=", "error, warning, info or debug", apply_log},
    {"trace", "no value", apply_trace},
    {"status=", "a number of seconds from 1 to 86400", apply_status},
    {"ip=", "an address at most for each of IPv4 and IPv6", apply_ip},
    {"env=", "NAME=VALUE, 64 of them at most", apply_variable},
    {mmio_prefix, "size@address:line, 64 of them at most", apply_mmio},
};
constexpr std::string_view known_options =
    "quiet, log=LEVEL, trace, status=SECONDS, ip=ADDRESS, env=NAME=VALUE or "
    "virtio_mmio.device=…; the service's own "
    "arguments come after --";

/// Cuts words off the front of a line and copies them to where they can stay.
class WordReader {
public:
  WordReader(std::string_view line, CommandLine& storage) : rest_(line), storage_(storage) {}

  /// The next word without its quotes. False at the end of the line.
  bool next(std::string_view& word) {
    while (!rest_.empty() && is_blank(rest_.front())) {
      rest_.remove_prefix(1);
    }
    if (rest_.empty()) {
      return false;
    }
    const std::size_t start = storage_.text_used;
    while (!rest_.empty() && (quoted_ || !is_blank(rest_.front()))) {
      take_character();
    }
    word = {storage_.text.data() + start, storage_.text_used - start};
    put('\0');
    return true;
  }

  /// After the last word: its quotes have not ended.
  [[nodiscard]] bool ends_inside_quotes() const { return quoted_; }

private:
  static bool is_blank(char character) { return character == ' ' || character == '\t'; }

  void put(char character) {
    // The storage has room for every character of the longest line and a zero for each word.
    if (storage_.text_used < storage_.text.size()) {
      storage_.text[storage_.text_used++] = character;
    }
  }

  void take_character() {
    const char character = rest_.front();
    rest_.remove_prefix(1);
    if (character == '"') {
      quoted_ = !quoted_;
      return;
    }
    const bool escaped = quoted_ && character == '\\' && !rest_.empty() &&
                         (rest_.front() == '"' || rest_.front() == '\\');
    if (escaped) {
      put(rest_.front());
      rest_.remove_prefix(1);
    } else {
      put(character);
    }
  }

  std::string_view rest_;
  CommandLine& storage_;
  bool quoted_ = false;
};

bool apply_option(std::string_view word, CommandLine& result, CommandLineError& error) {
  for (const Option& option : options) {
    const bool has_value = option.name.ends_with('=');
    if (has_value ? !word.starts_with(option.name) : word != option.name) {
      continue;
    }
    if (!option.apply(word.substr(option.name.size()), result)) {
      error = {word, "has a value that is not possible", option.expected};
      return false;
    }
    return true;
  }
  error = {word, "is not known", known_options};
  return false;
}

constinit CommandLine current;

} // namespace

bool parse_command_line(std::string_view line, CommandLine& result, CommandLineError& error) {
  if (line.size() > CommandLine::max_text) {
    error = {line.substr(0, 16), "begins a line that is too long", "2048 characters at most"};
    return false;
  }
  WordReader words(line, result);
  std::string_view word;
  bool after_separator = false;
  while (words.next(word)) {
    if (words.ends_inside_quotes()) {
      error = {word, "begins quotes that do not end", "a second double quote"};
      return false;
    }
    if (!after_separator && word == "--") {
      after_separator = true;
    } else if (!after_separator || word.starts_with(mmio_prefix)) {
      if (!apply_option(word, result, error)) {
        return false;
      }
    } else if (result.service_count == CommandLine::max_words) {
      error = {word, "is one service argument too many", "64 at most"};
      return false;
    } else {
      result.service_words[result.service_count++] = word;
    }
  }
  return true;
}

const CommandLine& command_line() {
  return current;
}

void read_command_line(std::string_view own, std::string_view line) {
  for (const std::string_view part : {own, line}) {
    current.ip_is_default = current.ip_count != 0;
    CommandLineError error;
    if (!parse_command_line(part, current, error)) {
      char text[400];
      refuse_to_run(format_to(text, "kernel argument \"{}\" {}; expected {}", error.word,
                              error.what, error.expected));
    }
  }
  set_console_level(current.console_level);
}

} // namespace skerry::kernel
