// SPDX-License-Identifier: Apache-2.0
// System calls by number, made from syscalls.def.
#pragma once

#include <core/result.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace skerry::posix {

/// What stands behind a number, with the registers of a call.
using CallHandler = long (*)(std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t,
                             std::uint64_t, std::uint64_t);

/// One past the highest number of Linux' table on x86-64 that our C library knows.
inline constexpr std::size_t call_limit = 464;

/// What is known of a call by name.
struct CallName {
  std::string_view name;    ///< empty when the number is none that we know
  std::string_view refusal; ///< of a refused call, why
};

/// Takes a moment: for reports and traces. Any context.
[[nodiscard]] CallName name_of_call(std::uint64_t number);

} // namespace skerry::posix
