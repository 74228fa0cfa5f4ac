// SPDX-License-Identifier: Apache-2.0
// The time-stamp counter (Intel SDM vol. 3, 18.17) and what the machine says of its rate.
#pragma once

#include <cstdint>
#include <optional>

namespace skerry::x86_64 {

/// The counter, read after all loads before it in program order: without the fence two readings
/// could be taken in the wrong order. Any context.
inline std::uint64_t read_tsc() {
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  asm volatile("lfence; rdtsc" : "=a"(low), "=d"(high) : : "memory");
  return std::uint64_t{high} << 32U | low;
}

/// The counter's rate in Hz, when hypervisor or processor tell it exactly. Boot.
[[nodiscard]] std::optional<std::uint64_t> announced_tsc_hertz();

/// The rate in Hz that follows from the processor's nominal frequency, which may be wrong by a
/// hundredth: for machines without anything to measure it with. Boot.
[[nodiscard]] std::optional<std::uint64_t> nominal_tsc_hertz();

/// The rate in Hz of the local APIC's clock, when hypervisor or processor tell it. Boot.
[[nodiscard]] std::optional<std::uint64_t> announced_apic_hertz();

} // namespace skerry::x86_64
