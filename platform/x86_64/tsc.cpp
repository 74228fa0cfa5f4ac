// SPDX-License-Identifier: Apache-2.0
// Rates by CPUID: the hypervisors' timing leaf, then the processor's own.
#include "platform/x86_64/tsc.hpp"

#include "platform/x86_64/cpuid.hpp"

namespace skerry::x86_64 {
namespace {

// VMware's "Mechanisms to determine if software is running in a VMware virtual machine": leaf
// 0x4000_0010 has the TSC's rate in EAX and the APIC's in EBX, in kHz. KVM (QEMU's
// vmware-cpuid-freq) and Firecracker have it too.
constexpr std::uint32_t timing_leaf = 0x10;

HypervisorLeaves timing_leaves() {
  if (const auto kvm = find_hypervisor("KVMKVMKVM\0\0\0"); kvm.exists()) {
    return kvm;
  }
  return find_hypervisor("VMwareVMware");
}

std::optional<std::uint64_t> from_kilohertz(std::uint32_t kilohertz) {
  return kilohertz != 0 ? std::optional(std::uint64_t{kilohertz} * 1'000) : std::nullopt;
}

} // namespace

std::optional<std::uint64_t> announced_tsc_hertz() {
  if (const auto hertz = from_kilohertz(timing_leaves().leaf(timing_leaf).eax)) {
    return hertz;
  }
  // EBX / EAX is the ratio of the counter to the crystal, whose rate in Hz is ECX (SDM vol. 2A,
  // CPUID leaf 0x15).
  const CpuidLeaf ratio = cpuid(0x15);
  if (ratio.eax == 0 || ratio.ebx == 0 || ratio.ecx == 0) {
    return std::nullopt;
  }
  return std::uint64_t{ratio.ecx} * ratio.ebx / ratio.eax;
}

std::optional<std::uint64_t> nominal_tsc_hertz() {
  // The base frequency in MHz (leaf 0x16, EAX) is what the counter runs at, rounded.
  const std::uint64_t megahertz = cpuid(0x16).eax & 0xffffU;
  return megahertz != 0 ? std::optional(megahertz * 1'000'000) : std::nullopt;
}

std::optional<std::uint64_t> announced_apic_hertz() {
  if (const auto hertz = from_kilohertz(timing_leaves().leaf(timing_leaf).ebx)) {
    return hertz;
  }
  // Where the processor names its crystal, the APIC's timer runs at its rate (SDM vol. 3, 11.5.4).
  const CpuidLeaf ratio = cpuid(0x15);
  return ratio.ecx != 0 && !cpu_has_hypervisor() ? std::optional<std::uint64_t>(ratio.ecx)
                                                 : std::nullopt;
}

} // namespace skerry::x86_64
