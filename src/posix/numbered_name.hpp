// SPDX-License-Identifier: Apache-2.0
// Names in /proc that are numbers.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace skerry::posix {

/// The number that `name` is written as, if it is one without a sign and without zeros in front.
[[nodiscard]] inline std::optional<int> number_of_name(std::string_view name) {
  constexpr std::size_t most_digits = 9; // below the largest int
  if (name.empty() || name.size() > most_digits || (name.starts_with('0') && name != "0")) {
    return std::nullopt;
  }
  int number = 0;
  for (const char digit : name) {
    if (digit < '0' || digit > '9') {
      return std::nullopt;
    }
    number = number * 10 + (digit - '0');
  }
  return number;
}

} // namespace skerry::posix
