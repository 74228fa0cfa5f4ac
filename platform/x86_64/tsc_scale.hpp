// SPDX-License-Identifier: Apache-2.0
// The rate of a counter as a fixed-point factor: ticks become nanoseconds by one multiplication and
// one shift, with 128 bits in between, so that nothing overflows and no division is made.
#pragma once

#include <cstdint>
#include <optional>

namespace skerry::x86_64 {

inline constexpr std::uint64_t nanoseconds_per_second = 1'000'000'000;

/// `a * b / c`, rounded down, without overflow in between; all ones when the result has more than
/// 64 bits or `c` is 0.
[[nodiscard]] inline std::uint64_t multiply_divide(std::uint64_t a, std::uint64_t b,
                                                   std::uint64_t c) {
  const unsigned __int128 product = static_cast<unsigned __int128>(a) * b;
  auto low = static_cast<std::uint64_t>(product);
  auto high = static_cast<std::uint64_t>(product >> 64U);
  if (high >= c) {
    return ~std::uint64_t{0};
  }
  // The compiler would call a library function for this division, which floors do not have.
  asm("divq %2" : "+a"(low), "+d"(high) : "r"(c) : "cc");
  return low;
}

/// How many nanoseconds a tick lasts; by default none, as if the counter stood still.
class TickScale {
public:
  // Rates outside of these are taken for nonsense; they also bound the factor to 62 bits.
  static constexpr std::uint64_t least_hertz = 100'000;
  static constexpr std::uint64_t greatest_hertz = 1'000'000'000'000;

  constexpr TickScale() = default;

  /// Nothing when the rate is out of bounds.
  static std::optional<TickScale> from_hertz(std::uint64_t hertz) {
    if (hertz < least_hertz || hertz > greatest_hertz) {
      return std::nullopt;
    }
    return TickScale(multiply_divide(nanoseconds_per_second, one, hertz));
  }

  /// The rate at which `ticks` went by in `nanoseconds`. Nothing when it is out of bounds.
  static std::optional<TickScale> from_measurement(std::uint64_t ticks, std::uint64_t nanoseconds) {
    return from_factor(multiply_divide(nanoseconds, one, ticks));
  }

  /// From nanoseconds a tick times 2^48. Nothing when that is out of bounds.
  static std::optional<TickScale> from_factor(std::uint64_t factor) {
    return factor >= least_factor && factor <= greatest_factor ? std::optional(TickScale(factor))
                                                               : std::nullopt;
  }

  /// Rounds down; all ones when the result has more than 64 bits.
  [[nodiscard]] constexpr std::uint64_t to_nanoseconds(std::uint64_t ticks) const {
    const unsigned __int128 scaled = static_cast<unsigned __int128>(ticks) * factor_ >> shift;
    const auto high = static_cast<std::uint64_t>(scaled >> 64U);
    return high == 0 ? static_cast<std::uint64_t>(scaled) : ~std::uint64_t{0};
  }

  /// The least number of ticks that lasts `nanoseconds` or more; all ones when it has more than 64
  /// bits. Divides: not for the fast path.
  [[nodiscard]] std::uint64_t to_ticks(std::uint64_t nanoseconds) const {
    const std::uint64_t ticks = multiply_divide(nanoseconds, one, factor_);
    return to_nanoseconds(ticks) < nanoseconds && ticks != ~std::uint64_t{0} ? ticks + 1 : ticks;
  }

  [[nodiscard]] std::uint64_t hertz() const {
    return multiply_divide(nanoseconds_per_second, one, factor_);
  }

  [[nodiscard]] constexpr std::uint64_t factor() const { return factor_; }

private:
  constexpr explicit TickScale(std::uint64_t factor) : factor_(factor) {}

  static constexpr unsigned shift = 48;
  static constexpr std::uint64_t one = std::uint64_t{1} << shift;
  static constexpr std::uint64_t greatest_factor = nanoseconds_per_second / least_hertz * one;
  static constexpr std::uint64_t least_factor = one / (greatest_hertz / nanoseconds_per_second);

  /// Nanoseconds a tick, times 2^48.
  std::uint64_t factor_ = 0;
};

} // namespace skerry::x86_64
