// SPDX-License-Identifier: Apache-2.0
// What the processor and the hypervisor say about themselves (CPUID: Intel SDM vol. 2A, chapter 3;
// AMD APM vol. 3, appendix E). Header-only and without tables, so that the code which runs before
// relocation can use it too. Any context. A leaf that does not exist reads as zeros here, although
// hardware would repeat another leaf.
#pragma once

#include <core/bytes.hpp>

#include <cstdint>

namespace skerry::x86_64 {

struct CpuidLeaf {
  std::uint32_t eax = 0;
  std::uint32_t ebx = 0;
  std::uint32_t ecx = 0;
  std::uint32_t edx = 0;
};

/// The instruction itself, without a look at whether the leaf exists.
inline CpuidLeaf cpuid_unchecked(std::uint32_t leaf, std::uint32_t subleaf = 0) {
  CpuidLeaf result;
  asm volatile("cpuid"
               : "=a"(result.eax), "=b"(result.ebx), "=c"(result.ecx), "=d"(result.edx)
               : "a"(leaf), "c"(subleaf));
  return result;
}

/// A leaf of the standard (0x0…), hypervisor (0x4000_0000…) or extended (0x8000_0000…) range, all
/// zeros when the range does not reach it.
inline CpuidLeaf cpuid(std::uint32_t leaf, std::uint32_t subleaf = 0) {
  const std::uint32_t range = leaf & 0xf000'0000U;
  const bool hypervisor_range = range == 0x4000'0000U;
  if (hypervisor_range && !has_bit(cpuid_unchecked(1).ecx, 31)) {
    return {};
  }
  const std::uint32_t last = cpuid_unchecked(range).eax;
  // A processor without the extended range answers with some number outside of it. Xen may put its
  // own leaves at a multiple of 0x100 above; those who want them look there.
  if (last < leaf || (last & 0xf000'0000U) != range) {
    return {};
  }
  return cpuid_unchecked(leaf, subleaf);
}

// Leaf 1: feature information (SDM vol. 2A, tables 3-10 and 3-11).
inline bool cpu_has_pcid() {
  return has_bit(cpuid(1).ecx, 17);
}
inline bool cpu_has_x2apic() {
  return has_bit(cpuid(1).ecx, 21);
}
inline bool cpu_has_tsc_deadline() {
  return has_bit(cpuid(1).ecx, 24);
}
inline bool cpu_has_xsave() {
  return has_bit(cpuid(1).ecx, 26);
}
inline bool cpu_has_avx() {
  return has_bit(cpuid(1).ecx, 28);
}
inline bool cpu_has_rdrand() {
  return has_bit(cpuid(1).ecx, 30);
}
inline bool cpu_has_hypervisor() {
  return has_bit(cpuid(1).ecx, 31);
}
inline bool cpu_has_tsc() {
  return has_bit(cpuid(1).edx, 4);
}
inline bool cpu_has_apic() {
  return has_bit(cpuid(1).edx, 9);
}
inline bool cpu_has_global_pages() {
  return has_bit(cpuid(1).edx, 13);
}
inline bool cpu_has_pat() {
  return has_bit(cpuid(1).edx, 16);
}
inline bool cpu_has_fxsave() {
  return has_bit(cpuid(1).edx, 24);
}

/// The local APIC's number as it was at reset (leaf 1, EBX bits 31:24).
inline std::uint32_t cpu_initial_apic_id() {
  return cpuid(1).ebx >> 24U;
}

// Leaf 7, subleaf 0: structured extended features.
inline bool cpu_has_fsgsbase() {
  return has_bit(cpuid(7).ebx, 0);
}
inline bool cpu_has_smep() {
  return has_bit(cpuid(7).ebx, 7);
}
/// Enhanced `rep movsb` and `rep stosb`.
inline bool cpu_has_erms() {
  return has_bit(cpuid(7).ebx, 9);
}
inline bool cpu_has_invpcid() {
  return has_bit(cpuid(7).ebx, 10);
}
inline bool cpu_has_avx512f() {
  return has_bit(cpuid(7).ebx, 16);
}
inline bool cpu_has_rdseed() {
  return has_bit(cpuid(7).ebx, 18);
}
inline bool cpu_has_smap() {
  return has_bit(cpuid(7).ebx, 20);
}
inline bool cpu_has_umip() {
  return has_bit(cpuid(7).ecx, 2);
}
inline bool cpu_has_pku() {
  return has_bit(cpuid(7).ecx, 3);
}
/// Fast short `rep movsb`.
inline bool cpu_has_fsrm() {
  return has_bit(cpuid(7).edx, 4);
}

/// Sizes of the XSAVE area (leaf 0xd; SDM vol. 1, 13.2).
struct XsaveSizes {
  std::uint64_t supported = 0;       ///< XCR0 bits that may be set
  std::uint32_t enabled_bytes = 0;   ///< standard form, for what XCR0 has now
  std::uint32_t largest_bytes = 0;   ///< standard form, if all of `supported` were set
  std::uint32_t compacted_bytes = 0; ///< XSAVEC and XSAVES form for XCR0 | IA32_XSS; 0 without
  bool has_xsaveopt = false;
  bool has_xsavec = false;
  bool has_xsaves = false;
};

/// All zeros where XSAVE is absent. CR4.OSXSAVE must be set for `enabled_bytes` to mean anything.
inline XsaveSizes xsave_sizes() {
  if (!cpu_has_xsave()) {
    return {};
  }
  const CpuidLeaf main = cpuid(0xd, 0);
  const CpuidLeaf extended = cpuid(0xd, 1);
  return {.supported = std::uint64_t{main.edx} << 32U | main.eax,
          .enabled_bytes = main.ebx,
          .largest_bytes = main.ecx,
          .compacted_bytes = extended.ebx,
          .has_xsaveopt = has_bit(extended.eax, 0),
          .has_xsavec = has_bit(extended.eax, 1),
          .has_xsaves = has_bit(extended.eax, 3)};
}

// Leaf 0x8000_0001: extended features.
inline bool cpu_has_syscall() {
  return has_bit(cpuid(0x8000'0001).edx, 11);
}
inline bool cpu_has_nx() {
  return has_bit(cpuid(0x8000'0001).edx, 20);
}
inline bool cpu_has_gigabyte_pages() {
  return has_bit(cpuid(0x8000'0001).edx, 26);
}
inline bool cpu_has_rdtscp() {
  return has_bit(cpuid(0x8000'0001).edx, 27);
}

/// The time-stamp counter ticks at one rate in all power states (leaf 0x8000_0007; SDM vol. 3,
/// 18.17.1).
inline bool cpu_has_invariant_tsc() {
  return has_bit(cpuid(0x8000'0007).edx, 8);
}

/// Width of physical addresses in bits (leaf 0x8000_0008); 36 where the processor does not say.
inline unsigned cpu_physical_address_bits() {
  const unsigned bits = cpuid(0x8000'0008).eax & 0xffU;
  return bits >= 32 && bits <= 52 ? bits : 36;
}

/// A hypervisor's range of leaves. Its first leaf names it in EBX, ECX and EDX; others follow.
struct HypervisorLeaves {
  std::uint32_t first = 0; ///< 0 when there is none
  std::uint32_t last = 0;

  [[nodiscard]] bool exists() const { return first != 0; }
  /// Leaf `offset` of the range, zeros when it is not there.
  [[nodiscard]] CpuidLeaf leaf(std::uint32_t offset) const {
    return exists() && offset <= last - first ? cpuid_unchecked(first + offset) : CpuidLeaf{};
  }
};

/// The leaves of the hypervisor whose name is `name`, twelve characters such as
/// "KVMKVMKVM\0\0\0", "TCGTCGTCGTCG", "XenVMMXenVMM" or "VMwareVMware". They are at 0x4000_0000, or
/// at 0x4000_0100 where the first place holds an imitation of Hyper-V (KVM and Xen do that).
inline HypervisorLeaves find_hypervisor(const char (&name)[13]) {
  if (!cpu_has_hypervisor()) {
    return {};
  }
  for (std::uint32_t first = 0x4000'0000; first <= 0x4000'0100; first += 0x100) {
    const CpuidLeaf leaf = cpuid_unchecked(first);
    const std::uint32_t words[] = {leaf.ebx, leaf.ecx, leaf.edx};
    bool same = true;
    for (unsigned i = 0; i < 12; ++i) {
      same = same && name[i] == static_cast<char>(words[i / 4] >> (i % 4 * 8));
    }
    if (same) {
      // Old KVM leaves EAX at 0 and has one leaf more all the same. A count past the next
      // hypervisor's place is nonsense.
      const bool plausible = leaf.eax > first && leaf.eax < first + 0x100;
      return {first, plausible ? leaf.eax : first + 1};
    }
  }
  return {};
}

} // namespace skerry::x86_64
