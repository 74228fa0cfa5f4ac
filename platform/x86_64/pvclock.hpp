// SPDX-License-Identifier: Apache-2.0
// The clock that KVM and Xen keep in a page of the guest: the time at some value of the time-stamp
// counter, and the counter's rate since then (Linux, Documentation/virt/kvm/x86/msr.rst; Xen,
// public/xen.h, vcpu_time_info). The host writes it at any moment and is not trusted: what it says
// may be wrong, but neither faults nor loops.
#pragma once

#include "platform/x86_64/tsc_scale.hpp"

#include <core/result.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace skerry::x86_64 {

/// The structure of one CPU, as it lies in memory.
struct PvclockTimeInfo {
  std::uint32_t version; ///< odd while the host writes
  std::uint32_t padding;
  std::uint64_t tsc_timestamp;
  std::uint64_t system_time; ///< nanoseconds at tsc_timestamp
  std::uint32_t tsc_to_system_multiplier;
  std::int8_t tsc_shift;
  std::uint8_t flags;
  std::uint8_t reserved[2];
};
static_assert(sizeof(PvclockTimeInfo) == 32);
static_assert(offsetof(PvclockTimeInfo, tsc_to_system_multiplier) == 24);

/// The date at system time 0.
struct PvclockWallClock {
  std::uint32_t version;
  std::uint32_t seconds;
  std::uint32_t nanoseconds;
};
static_assert(sizeof(PvclockWallClock) == 12);

namespace detail {

/// How often a structure is read before the host counts as broken; it writes for microseconds and
/// not while the guest's CPU runs.
inline constexpr int pvclock_attempts = 1000;

/// Runs `read` between two looks at `version` until both are the same and even.
template <class Read> bool read_consistently(const volatile std::uint32_t& version, Read&& read) {
  for (int attempt = 0; attempt < pvclock_attempts; ++attempt) {
    const std::uint32_t before = version;
    std::atomic_thread_fence(std::memory_order_acquire);
    read();
    std::atomic_thread_fence(std::memory_order_acquire);
    if ((before & 1U) == 0 && version == before) {
      return true;
    }
  }
  return false;
}

} // namespace detail

/// The rate in a pvclock structure. Nothing when it is none that a counter can have.
[[nodiscard]] inline std::optional<TickScale> pvclock_scale(std::uint32_t multiplier,
                                                            std::int8_t shift) {
  // Nanoseconds = (ticks << shift) * multiplier >> 32, and a factor has 48 bits after the point.
  const int factor_shift = 16 + shift;
  if (factor_shift < -31 || factor_shift > 31) {
    return std::nullopt;
  }
  const std::uint64_t wide = multiplier;
  return TickScale::from_factor(factor_shift >= 0 ? wide << factor_shift : wide >> -factor_shift);
}

/// Reads `info`; `read_tsc` returns the counter, ordered after the loads before it. Nanoseconds of
/// the host's clock, or nothing when the structure makes no sense.
template <class ReadTsc>
[[nodiscard]] std::optional<std::uint64_t> read_pvclock(const volatile PvclockTimeInfo& info,
                                                        ReadTsc&& read_tsc) {
  std::uint64_t tsc = 0;
  std::uint64_t timestamp = 0;
  std::uint64_t system_time = 0;
  std::uint32_t multiplier = 0;
  std::int8_t shift = 0;
  const bool consistent = detail::read_consistently(info.version, [&] {
    timestamp = info.tsc_timestamp;
    system_time = info.system_time;
    multiplier = info.tsc_to_system_multiplier;
    shift = info.tsc_shift;
    tsc = read_tsc();
  });
  const auto scale = pvclock_scale(multiplier, shift);
  if (!consistent || !scale) {
    return std::nullopt;
  }
  // The counter may be a little behind a stamp that another CPU took.
  const std::uint64_t elapsed = tsc > timestamp ? scale->to_nanoseconds(tsc - timestamp) : 0;
  return system_time + elapsed;
}

/// Nanoseconds from 1970 to the host clock's zero, or nothing when the structure makes no sense.
[[nodiscard]] inline std::optional<std::int64_t>
read_pvclock_wall_clock(const volatile PvclockWallClock& wall) {
  std::uint32_t seconds = 0;
  std::uint32_t nanoseconds = 0;
  const bool consistent = detail::read_consistently(wall.version, [&] {
    seconds = wall.seconds;
    nanoseconds = wall.nanoseconds;
  });
  if (!consistent || seconds == 0 || nanoseconds >= nanoseconds_per_second) {
    return std::nullopt;
  }
  return std::int64_t{seconds} * std::int64_t{nanoseconds_per_second} + nanoseconds;
}

/// The structures that KVM fills.
struct KvmClock {
  const volatile PvclockTimeInfo* time = nullptr;
  const volatile PvclockWallClock* wall = nullptr;
};

/// Asks KVM to keep the clock of this CPU. Context: boot, after paging.
/// Errors: no_such_device  this is not KVM, or it has no such clock
[[nodiscard]] Result<KvmClock> start_kvm_clock();

} // namespace skerry::x86_64
