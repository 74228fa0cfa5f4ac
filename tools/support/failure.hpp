// SPDX-License-Identifier: Apache-2.0
// How the host tools report what a user can mend: an exception whose text is one clear line.
#pragma once

#include <format>
#include <stdexcept>
#include <string>
#include <utility>

namespace skerry {

/// Something that the user, the machine or the input is to blame for. The text names the thing, its
/// value and what was expected; `main` prints it after "skerry: " and ends with a non-zero status.
class Failure : public std::runtime_error {
public:
  explicit Failure(const std::string& text) : std::runtime_error(text) {}

  template <typename First, typename... Rest>
  Failure(std::format_string<First, Rest...> format, First&& first, Rest&&... rest)
      : std::runtime_error(
            std::format(format, std::forward<First>(first), std::forward<Rest>(rest)...)) {}
};

} // namespace skerry
