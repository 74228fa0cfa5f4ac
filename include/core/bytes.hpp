// SPDX-License-Identifier: Apache-2.0
// Sizes in bytes and the arithmetic of alignment.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace skerry {

inline namespace literals {
consteval std::size_t operator""_KiB(unsigned long long count) {
  return count << 10U;
}
consteval std::size_t operator""_MiB(unsigned long long count) {
  return count << 20U;
}
consteval std::size_t operator""_GiB(unsigned long long count) {
  return count << 30U;
}
} // namespace literals

/// The next multiple of `alignment` (a power of two) at or below `value`.
template <std::unsigned_integral T>
[[nodiscard]] constexpr T align_down(T value, std::type_identity_t<T> alignment) {
  return value & ~(alignment - 1);
}

/// The next multiple of `alignment` (a power of two) at or above `value`. Wraps to 0 past the end
/// of T: callers with foreign values check first.
template <std::unsigned_integral T>
[[nodiscard]] constexpr T align_up(T value, std::type_identity_t<T> alignment) {
  return (value + (alignment - 1)) & ~(alignment - 1);
}

/// True when `value` is a multiple of `alignment`, a power of two.
template <std::unsigned_integral T>
[[nodiscard]] constexpr bool is_aligned(T value, std::type_identity_t<T> alignment) {
  return (value & (alignment - 1)) == 0;
}

/// A word with only bit `number` set; hardware bits are named by the number in the specification.
template <std::unsigned_integral T = std::uint64_t> [[nodiscard]] constexpr T bit(unsigned number) {
  return static_cast<T>(T{1} << number);
}

/// True when bit `number` of `value` is set.
template <std::unsigned_integral T> [[nodiscard]] constexpr bool has_bit(T value, unsigned number) {
  return ((value >> number) & 1U) != 0;
}

} // namespace skerry
