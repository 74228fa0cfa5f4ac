// SPDX-License-Identifier: Apache-2.0
// How a floor reports failure: a value or an errno, never an exception (DESIGN, decision 12).
#pragma once

#include <expected>
#include <system_error>
#include <utility>

namespace skerry {

/// A value of type T, or the reason why there is none. `std::errc` is errno, so the border to the
/// application is a minus sign.
template <class T = void> using Result = std::expected<T, std::errc>;

/// What a function returns to say that it failed: `return fail(std::errc::no_buffer_space);`
[[nodiscard]] constexpr std::unexpected<std::errc> fail(std::errc code) {
  return std::unexpected<std::errc>(code);
}

} // namespace skerry

/// Unwraps a Result, or returns its error from the enclosing function:
/// `auto frame = TRY(frames.allocate());`
#define TRY(expression)                                                                            \
  ({                                                                                               \
    auto&& skerry_try_result = (expression);                                                       \
    if (!skerry_try_result) [[unlikely]] {                                                         \
      return ::skerry::fail(skerry_try_result.error());                                            \
    }                                                                                              \
    *::std::move(skerry_try_result);                                                               \
  })
