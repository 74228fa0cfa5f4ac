// SPDX-License-Identifier: Apache-2.0
// Time as a line over the time-stamp counter: where it was, when, and how steep it is. The line is
// bent when the rate is known better, and never makes a jump at the bend.
#pragma once

#include "platform/x86_64/tsc_scale.hpp"

#include <atomic>
#include <cstdint>

namespace skerry::x86_64 {

/// Readers wait for nobody, not even when they interrupt the writer: there are two copies of the
/// line, and the sequence number says which one is not being written. One writer at a time.
class TscTimeline {
public:
  /// Nanoseconds at counter value `tsc`; a value from before the line's start counts as its start.
  /// 0 before restart().
  [[nodiscard]] std::uint64_t at(std::uint64_t tsc) const {
    for (;;) {
      const std::uint32_t sequence = sequence_.load(std::memory_order_acquire);
      const Line& line = lines_[sequence & 1U];
      const std::uint64_t start = line.start_tsc.load(std::memory_order_relaxed);
      const std::uint64_t base = line.start_nanoseconds.load(std::memory_order_relaxed);
      const TickScale scale = line.scale.load(std::memory_order_relaxed);
      std::atomic_thread_fence(std::memory_order_acquire);
      if (sequence_.load(std::memory_order_relaxed) != sequence) {
        continue;
      }
      const std::uint64_t elapsed = tsc > start ? scale.to_nanoseconds(tsc - start) : 0;
      const std::uint64_t sum = base + elapsed;
      return sum >= base ? sum : ~std::uint64_t{0};
    }
  }

  /// The line through (`tsc`, `nanoseconds`) from now on.
  void restart(std::uint64_t tsc, std::uint64_t nanoseconds, TickScale scale) {
    const std::uint32_t sequence = sequence_.load(std::memory_order_relaxed);
    // Readers use the copy that the sequence's lowest bit names: fill the other, then send them
    // there. The fence lets a reader that sees any of the new words also see that the sequence has
    // moved since its copy was the current one.
    std::atomic_thread_fence(std::memory_order_release);
    Line& line = lines_[(sequence + 1) & 1U];
    line.start_tsc.store(tsc, std::memory_order_relaxed);
    line.start_nanoseconds.store(nanoseconds, std::memory_order_relaxed);
    line.scale.store(scale, std::memory_order_relaxed);
    sequence_.store(sequence + 1, std::memory_order_release);
  }

  /// Goes on from where the line is at `tsc`, at another rate.
  void bend(std::uint64_t tsc, TickScale scale) { restart(tsc, at(tsc), scale); }

  [[nodiscard]] TickScale scale() const {
    return lines_[sequence_.load(std::memory_order_acquire) & 1U].scale.load(
        std::memory_order_relaxed);
  }

private:
  struct Line {
    std::atomic<std::uint64_t> start_tsc = 0;
    std::atomic<std::uint64_t> start_nanoseconds = 0;
    std::atomic<TickScale> scale = TickScale();
  };

  std::atomic<std::uint32_t> sequence_ = 0;
  Line lines_[2];
};

} // namespace skerry::x86_64
