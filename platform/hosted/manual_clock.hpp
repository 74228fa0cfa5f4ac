// SPDX-License-Identifier: Apache-2.0
// The clock of a hosted process: it stands still until a test moves it. A CPU that waits for an
// interrupt moves it to its alarm.
#pragma once

#include <core/result.hpp>
#include <core/units.hpp>

#include <cstdint>

namespace skerry::hosted {

/// Starts over at `now`, with no alarm on this CPU.
void restart_clock(Instant now = {});

/// Moves the clock forward to `now` at once; what is due by then is late. The alarm of this CPU
/// goes off, if interrupts are on; those of other CPUs when they next turn interrupts on.
void set_time(Instant now);

/// Lets `span` pass: stops at each alarm of this CPU on the way and lets it go off.
void advance_time(Duration span);

/// What was given to hal::arm_timer() on this CPU and has not gone off; never() when nothing.
[[nodiscard]] Instant armed_alarm();

/// What hal::wall_clock_nanoseconds() returns; no_such_device at first.
void set_wall_clock(Result<std::int64_t> nanoseconds);

} // namespace skerry::hosted
