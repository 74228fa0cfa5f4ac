// SPDX-License-Identifier: Apache-2.0
// The log as seen by those who write to it. Lines go to a ring in memory and to the consoles; who
// writes names its module: `log::info("acpi", "{} tables", count);`
#pragma once

#include <core/format.hpp>

#include <cstdint>
#include <string_view>

namespace skerry::log {

/// What goes to the console by default is zero: so an image need not hold what is set to it.
enum class Level : std::int8_t { error = -2, warning, info, debug };

/// The longest line, module name apart; the rest of a longer one is cut off.
inline constexpr std::size_t max_line = 240;

/// Takes one line without its line end. Never blocks and never fails; a line may be lost when the
/// ring wraps. Any context, interrupts and panic included.
void emit(Level level, std::string_view module, std::string_view text);

template <class... Arguments>
void write(Level level, std::string_view module,
           std::type_identity_t<FormatPattern<Arguments...>> pattern,
           const Arguments&... arguments) {
  char line[max_line];
  emit(level, module, format_to<Arguments...>(line, pattern, arguments...));
}

template <class... Arguments>
void error(std::string_view module, std::type_identity_t<FormatPattern<Arguments...>> pattern,
           const Arguments&... arguments) {
  write<Arguments...>(Level::error, module, pattern, arguments...);
}
template <class... Arguments>
void warning(std::string_view module, std::type_identity_t<FormatPattern<Arguments...>> pattern,
             const Arguments&... arguments) {
  write<Arguments...>(Level::warning, module, pattern, arguments...);
}
template <class... Arguments>
void info(std::string_view module, std::type_identity_t<FormatPattern<Arguments...>> pattern,
          const Arguments&... arguments) {
  write<Arguments...>(Level::info, module, pattern, arguments...);
}
template <class... Arguments>
void debug(std::string_view module, std::type_identity_t<FormatPattern<Arguments...>> pattern,
           const Arguments&... arguments) {
  write<Arguments...>(Level::debug, module, pattern, arguments...);
}

} // namespace skerry::log
