// SPDX-License-Identifier: Apache-2.0
// Values of socket options between bytes and what they mean, for sockets of all families.
#pragma once

#include <core/result.hpp>
#include <core/units.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <sys/time.h>

namespace skerry::net {

/// The value of an option, as bytes that came from the application.
/// Errors: invalid_argument  too short
template <class T> [[nodiscard]] Result<T> option_value(std::span<const std::byte> bytes) {
  T value{};
  if (bytes.size() < sizeof value) {
    return fail(std::errc::invalid_argument);
  }
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

/// Writes as much of `value` as there is room for, as Linux does.
template <class T> std::size_t put_option(std::span<std::byte> bytes, const T& value) {
  const std::size_t size = std::min(bytes.size(), sizeof value);
  std::memcpy(bytes.data(), &value, size);
  return size;
}

[[nodiscard]] inline Result<bool> flag_value(std::span<const std::byte> bytes) {
  return TRY(option_value<int>(bytes)) != 0;
}

/// An int, or only a byte of one, as options of IP that are a byte may be given.
/// Errors: invalid_argument  not even that
[[nodiscard]] inline Result<int> small_value(std::span<const std::byte> bytes) {
  return bytes.size() >= sizeof(int) ? option_value<int>(bytes)
                                     : int{TRY(option_value<std::uint8_t>(bytes))};
}

/// A time to wait, as SO_RCVTIMEO has it; zero waits for ever.
/// Errors: invalid_argument; argument_out_of_domain  the microseconds are none
[[nodiscard]] inline Result<Duration> timeout_value(std::span<const std::byte> bytes) {
  constexpr std::int64_t microseconds_per_second = 1'000'000;
  const auto value = TRY(option_value<timeval>(bytes));
  if (value.tv_usec < 0 || value.tv_usec >= microseconds_per_second) {
    return fail(std::errc::argument_out_of_domain);
  }
  // Linux takes a negative time for none at all to wait: the smallest that is not "for ever".
  if (value.tv_sec < 0) {
    return Duration::microseconds(1);
  }
  return Duration::seconds(value.tv_sec) + Duration::microseconds(value.tv_usec);
}

inline std::size_t put_timeout(std::span<std::byte> bytes, Duration timeout) {
  constexpr std::int64_t microseconds_per_second = 1'000'000;
  timeval value{};
  value.tv_sec = timeout.in_seconds();
  value.tv_usec = timeout.in_microseconds() % microseconds_per_second;
  return put_option(bytes, value);
}

} // namespace skerry::net
