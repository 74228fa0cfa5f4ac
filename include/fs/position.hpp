// SPDX-License-Identifier: Apache-2.0
// The position of an open file, as lseek(2) moves it.
#pragma once

#include <core/result.hpp>

#include <atomic>
#include <cstdint>
#include <unistd.h>

namespace skerry::fs {

class Position {
public:
  [[nodiscard]] std::uint64_t get() const { return value_.load(std::memory_order_relaxed); }
  void set(std::uint64_t value) { value_.store(value, std::memory_order_relaxed); }

  /// Moves by the rules of SEEK_SET, SEEK_CUR and SEEK_END; `end` is where the file ends.
  /// Errors: invalid_argument  another `whence`, or a position before the start
  ///         value_too_large
  [[nodiscard]] Result<std::int64_t> seek(std::int64_t offset, int whence, std::uint64_t end) {
    std::int64_t base = 0;
    if (whence == SEEK_CUR) {
      base = static_cast<std::int64_t>(get());
    } else if (whence == SEEK_END) {
      base = static_cast<std::int64_t>(end);
    } else if (whence != SEEK_SET) {
      return fail(std::errc::invalid_argument);
    }
    std::int64_t position = 0;
    if (__builtin_add_overflow(base, offset, &position)) {
      return fail(std::errc::value_too_large);
    }
    if (position < 0) {
      return fail(std::errc::invalid_argument);
    }
    set(static_cast<std::uint64_t>(position));
    return position;
  }

private:
  std::atomic<std::uint64_t> value_ = 0;
};

} // namespace skerry::fs
