// SPDX-License-Identifier: Apache-2.0
// KVM's clock: two registers that take the physical address of a structure (Linux,
// Documentation/virt/kvm/x86/msr.rst and cpuid.rst).
#include "platform/x86_64/pvclock.hpp"

#include "platform/x86_64/cpuid.hpp"
#include "platform/x86_64/msr.hpp"

#include <core/log.hpp>
#include <hal/paging.hpp>

namespace skerry::x86_64 {
namespace {

constexpr std::uint32_t features_leaf = 0x1;
constexpr unsigned feature_clocksource2 = 3; // the registers that start_kvm_clock() writes
constexpr std::uint64_t enable = 1;

/// In a page of its own: the host writes to it (DESIGN, decision 11).
struct alignas(mm::page_size) SharedPage {
  PvclockTimeInfo time;
  PvclockWallClock wall;
};

constinit SharedPage shared = {};

} // namespace

Result<KvmClock> start_kvm_clock() {
  const auto kvm = find_hypervisor("KVMKVMKVM\0\0\0");
  if (!has_bit(kvm.leaf(features_leaf).eax, feature_clocksource2)) {
    return fail(std::errc::no_such_device);
  }
  const auto mapping = hal::find_mapping(mm::VirtualAddress(&shared));
  if (!mapping) {
    return fail(std::errc::no_such_device);
  }
  const std::uint64_t offset = mm::VirtualAddress(&shared).value() & (mapping->size_bytes - 1);
  const std::uint64_t page = mapping->frame.value() + offset;
  // The wall clock is written once for each write of its register.
  write_msr(Msr::kvm_wall_clock, page + offsetof(SharedPage, wall));
  write_msr(Msr::kvm_system_time, (page + offsetof(SharedPage, time)) | enable);
  return KvmClock{&shared.time, &shared.wall};
}

} // namespace skerry::x86_64
