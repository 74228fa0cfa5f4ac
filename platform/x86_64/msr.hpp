// SPDX-License-Identifier: Apache-2.0
// Model-specific registers (Intel SDM vol. 4, chapter 2). Ring 0. Reading or writing one that the
// processor lacks raises #GP: callers look at CPUID first.
#pragma once

#include <cstdint>

namespace skerry::x86_64 {

/// Numbers of the registers that Skerry uses.
enum class Msr : std::uint32_t {
  apic_base = 0x1b,      ///< IA32_APIC_BASE
  tsc_deadline = 0x6e0,  ///< IA32_TSC_DEADLINE
  x2apic_first = 0x800,  ///< the local APIC's register at offset 0 (SDM vol. 3, 11.12.1.2)
  efer = 0xc000'0080,    ///< IA32_EFER
  star = 0xc000'0081,    ///< IA32_STAR
  lstar = 0xc000'0082,   ///< IA32_LSTAR
  fmask = 0xc000'0084,   ///< IA32_FMASK
  fs_base = 0xc000'0100, ///< IA32_FS_BASE
  gs_base = 0xc000'0101, ///< IA32_GS_BASE
  kernel_gs_base = 0xc000'0102,
  tsc_aux = 0xc000'0103,         ///< IA32_TSC_AUX
  kvm_wall_clock = 0x4b56'4d00,  ///< MSR_KVM_WALL_CLOCK_NEW
  kvm_system_time = 0x4b56'4d01, ///< MSR_KVM_SYSTEM_TIME_NEW
};

inline std::uint64_t read_msr(Msr number) {
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(number) : "memory");
  return std::uint64_t{high} << 32U | low;
}

inline void write_msr(Msr number, std::uint64_t value) {
  const auto low = static_cast<std::uint32_t>(value);
  const auto high = static_cast<std::uint32_t>(value >> 32U);
  asm volatile("wrmsr" : : "c"(number), "a"(low), "d"(high) : "memory");
}

} // namespace skerry::x86_64
