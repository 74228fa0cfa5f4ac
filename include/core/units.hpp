// SPDX-License-Identifier: Apache-2.0
// Time as types: a span (Duration) and a point on the monotonic clock (Instant), in nanoseconds.
// std::chrono is not used by the floors: its header brings in locales and text formatting.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>

namespace skerry {

/// A span of time, signed, in nanoseconds; saturates instead of wrapping.
class Duration {
public:
  constexpr Duration() = default;
  static constexpr Duration nanoseconds(std::int64_t count) { return Duration(count); }
  static constexpr Duration microseconds(std::int64_t count) { return scaled(count, 1'000); }
  static constexpr Duration milliseconds(std::int64_t count) { return scaled(count, 1'000'000); }
  static constexpr Duration seconds(std::int64_t count) { return scaled(count, 1'000'000'000); }
  static constexpr Duration max() { return Duration(std::numeric_limits<std::int64_t>::max()); }

  [[nodiscard]] constexpr std::int64_t in_nanoseconds() const { return count_; }
  [[nodiscard]] constexpr std::int64_t in_microseconds() const { return count_ / 1'000; }
  [[nodiscard]] constexpr std::int64_t in_milliseconds() const { return count_ / 1'000'000; }
  [[nodiscard]] constexpr std::int64_t in_seconds() const { return count_ / 1'000'000'000; }

  friend constexpr auto operator<=>(Duration, Duration) = default;
  friend constexpr Duration operator+(Duration left, Duration right) {
    std::int64_t sum = 0;
    if (__builtin_add_overflow(left.count_, right.count_, &sum)) {
      return left.count_ < 0 ? Duration(std::numeric_limits<std::int64_t>::min()) : max();
    }
    return Duration(sum);
  }
  friend constexpr Duration operator-(Duration left, Duration right) {
    std::int64_t difference = 0;
    if (__builtin_sub_overflow(left.count_, right.count_, &difference)) {
      return left.count_ < 0 ? Duration(std::numeric_limits<std::int64_t>::min()) : max();
    }
    return Duration(difference);
  }

private:
  constexpr explicit Duration(std::int64_t count) : count_(count) {}
  static constexpr Duration scaled(std::int64_t count, std::int64_t scale) {
    std::int64_t product = 0;
    if (__builtin_mul_overflow(count, scale, &product)) {
      return count < 0 ? Duration(std::numeric_limits<std::int64_t>::min()) : max();
    }
    return Duration(product);
  }

  std::int64_t count_ = 0;
};

/// A point on the monotonic clock: nanoseconds since the image was entered.
class Instant {
public:
  constexpr Instant() = default;
  static constexpr Instant since_boot(Duration elapsed) { return Instant(elapsed); }
  /// Later than every time the clock will show: a deadline that never comes.
  static constexpr Instant never() { return Instant(Duration::max()); }

  [[nodiscard]] constexpr Duration since_boot() const { return elapsed_; }

  friend constexpr auto operator<=>(Instant, Instant) = default;
  friend constexpr Instant operator+(Instant start, Duration span) {
    return Instant(start.elapsed_ + span);
  }
  friend constexpr Duration operator-(Instant end, Instant start) {
    return end.elapsed_ - start.elapsed_;
  }

private:
  constexpr explicit Instant(Duration elapsed) : elapsed_(elapsed) {}

  Duration elapsed_;
};

} // namespace skerry
