// SPDX-License-Identifier: Apache-2.0
// The table of calls, which the linker makes: each row is a symbol in a section of its own,
// __skerry_call_NUMBER, that musl refers to where it makes the call. What nothing refers to is not
// linked, and its slot is null. cmake/image_script.cmake writes the slots into the linker script.
#pragma once

#include "src/posix/call_table.hpp"

#include <cstddef>
#include <cstdint>

namespace skerry::posix {

/// Calls that Linux does not have (src/posix/own_calls.hpp) have numbers from here on.
inline constexpr std::uint64_t first_own_call = 4096;
inline constexpr std::size_t own_calls = 5;
inline constexpr std::size_t call_slots = call_limit + own_calls;

/// The row of a call's number: Linux' come first, ours behind them. call_slots when there is none.
[[nodiscard]] constexpr std::size_t slot_of(std::uint64_t number) {
  if (number < call_limit) {
    return number;
  }
  const std::uint64_t own = number - first_own_call;
  return number >= first_own_call && own < own_calls ? call_limit + own : call_slots;
}

} // namespace skerry::posix

extern "C" {
/// The slots, in read-only memory.
extern const skerry::posix::CallHandler __skerry_calls[skerry::posix::call_slots];
}
