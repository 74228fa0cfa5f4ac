// SPDX-License-Identifier: Apache-2.0
// What a CPU is in a Linux process: a thread, with what it has of its own.
#pragma once

#include <core/units.hpp>
#include <hal/per_cpu.hpp>

#include <cstdint>

namespace skerry::hosted {

/// Used by its own thread only.
struct VirtualCpu {
  hal::PerCpu shared; ///< what floors see of it
  bool interrupts_on = true;
  Instant alarm = Instant::never(); ///< set by hal::arm_timer()
  std::uint32_t held_ranks = 0;     ///< for core/spinlock.hpp
};

/// The CPU of the running thread.
[[nodiscard]] VirtualCpu& virtual_cpu();

/// Delivers the alarm when it is due and interrupts are on.
void serve_alarm();

} // namespace skerry::hosted
