// SPDX-License-Identifier: Apache-2.0
// hal::monotonic_now() as the platforms set it up. Three sources, best first:
//
//   pvclock   the hypervisor keeps a clock for us (KVM, Xen)
//   tsc       the time-stamp counter, at a rate that somebody told or that was measured
//   reference a slow counter (ACPI's PM timer) until the time-stamp counter has been measured with
//             it, without waiting for that
//
// When is the time-stamp counter trusted? When its rate is announced; when the processor says that
// it is invariant, or a hypervisor stands between (which emulates or offsets it: QEMU's TCG does
// not announce invariance and yet keeps it), and two windows of measurement agreed to a thousandth.
// On bare hardware without invariance it is not, and the slow counter stays. Later windows go on
// checking; a counter that changes its rate is given up for the slow one.
#pragma once

#include "platform/x86_64/pvclock.hpp"
#include "platform/x86_64/tsc_calibration.hpp"

#include <core/result.hpp>
#include <core/units.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace skerry::x86_64 {

/// A slow counter of known rate.
struct ReferenceCounter {
  std::string_view name;
  ReferenceProperties properties;
  std::uint64_t (*read)() = nullptr; ///< any context
  /// Whether it wraps seldom enough to be the clock while the time-stamp counter is measured;
  /// otherwise a first measurement is waited for, ten milliseconds at most.
  bool may_be_clock = false;
};

/// Lets time begin at counter value `entry_tsc`, or now when that is 0. From here until one of the
/// functions below the clock is coarse: slower than the true one, and nothing more is promised.
void begin_time(std::uint64_t entry_tsc);

// One of these is called once, in boot, after begin_time(entry).

void start_clock_from_pvclock(const volatile PvclockTimeInfo& info);
/// Errors: invalid_argument  no counter has that rate
[[nodiscard]] Result<> start_clock_from_tsc(std::uint64_t hertz);
/// Errors: no_such_device  the slow counter stands still, or is no clock and measures nothing
[[nodiscard]] Result<> start_clock_from_reference(const ReferenceCounter& reference);

/// The time since 1970 is `nanoseconds` at this moment.
void set_wall_clock(std::int64_t nanoseconds);

/// What somebody must ask the clock for the time at least as often as; Duration::max() when it runs
/// alone. Any context.
[[nodiscard]] Duration clock_service_interval();

/// The time-stamp counter's rate, for a clock that is made from it; nothing while it is unknown.
/// Any context.
[[nodiscard]] std::optional<TickScale> clock_tsc_scale();

/// Logs what has become of the clock's source since the last call. Context: thread or interrupt.
void report_clock_changes();

} // namespace skerry::x86_64
