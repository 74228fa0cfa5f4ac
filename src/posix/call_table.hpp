// SPDX-License-Identifier: Apache-2.0
// The one table of system calls, made from syscalls.def.
#pragma once

#include <core/result.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace skerry::posix {

/// A row: what to call, or why it is refused.
struct CallRow {
  using Handler = long (*)(std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t,
                           std::uint64_t, std::uint64_t);
  Handler handler = nullptr;
  std::string_view name;
  /// For a refused call, why; empty otherwise.
  std::string_view refusal;
};

/// One past the highest number of Linux' table on x86-64 that our C library knows.
inline constexpr std::size_t call_limit = 512;

/// The row of `number`, or null when it is not a call that we know by name.
[[nodiscard]] const CallRow* find_call(std::uint64_t number);

} // namespace skerry::posix
