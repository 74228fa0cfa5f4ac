// SPDX-License-Identifier: Apache-2.0
// A system call and its answer as text.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace skerry::posix {

/// A call with all registers that may hold arguments.
struct TracedCall {
  std::uint64_t number = 0;
  std::uint64_t words[6] = {};
};

/// `openat(0xffffff9c, 0x7000, 0x0, 0x0)`: as many arguments as the call has, or all registers
/// where that is not known. `name` is what the number is called; it may be empty.
[[nodiscard]] std::string_view describe_call(std::span<char> text, std::string_view name,
                                             const TracedCall& call);
/// The same for what has no number.
[[nodiscard]] std::string_view describe_call(std::span<char> text, std::string_view name,
                                             std::span<const std::uint64_t> words);
/// ` = 3` or ` = -1 ENOENT`.
[[nodiscard]] std::string_view describe_result(std::span<char> text, long result);

} // namespace skerry::posix
