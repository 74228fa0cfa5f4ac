// SPDX-License-Identifier: Apache-2.0
// Names in /proc that are numbers.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>

namespace skerry::posix {

/// The number that `name` is written as, if it is one without a sign and without zeros in front.
[[nodiscard]] inline std::optional<int> number_of_name(std::string_view name) {
  int number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  const bool is_plain = name == "0" || !name.starts_with('0');
  if (error != std::errc() || end != name.data() + name.size() || number < 0 || !is_plain) {
    return std::nullopt;
  }
  return number;
}

} // namespace skerry::posix
