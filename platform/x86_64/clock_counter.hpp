// SPDX-License-Identifier: Apache-2.0
// Makes a counter of few bits one of 64: it is enough to look at it now and then.
#pragma once

#include <atomic>
#include <cstdint>

namespace skerry::x86_64 {

/// Any number of readers, interrupt handlers included, without locks.
class ClockCounter {
public:
  /// `mask` is 2^n - 1 for a counter of n bits; `raw` is what it shows now. Counts from 0.
  constexpr void begin(std::uint64_t mask, std::uint64_t raw) {
    mask_ = mask;
    start_ = raw & mask;
    total_.store(start_, std::memory_order_relaxed);
  }

  /// Ticks since begin(), given what the counter shows. Must be called at least once in half of the
  /// counter's period. A value that is older than one already seen (another reader was faster)
  /// gives the newer one's result.
  std::uint64_t advance(std::uint64_t raw) {
    std::uint64_t total = total_.load(std::memory_order_relaxed);
    for (;;) {
      const std::uint64_t step = (raw - total) & mask_;
      if (step > mask_ / 2) {
        return total - start_;
      }
      if (total_.compare_exchange_weak(total, total + step, std::memory_order_relaxed)) {
        return total + step - start_;
      }
    }
  }

  /// As advance(), after a time in which nobody looked: the ticks of whole periods are lost.
  std::uint64_t resume(std::uint64_t raw) {
    const std::uint64_t total = total_.load(std::memory_order_relaxed);
    const std::uint64_t next = total + ((raw - total) & mask_);
    total_.store(next, std::memory_order_relaxed);
    return next - start_;
  }

private:
  std::uint64_t mask_ = 0;
  std::uint64_t start_ = 0;
  std::atomic<std::uint64_t> total_ = 0; ///< its low bits are what the counter showed last
};

} // namespace skerry::x86_64
