// SPDX-License-Identifier: Apache-2.0
// The PM timer wraps after 4.7 s where it has 24 bits, after 20 min where it has 32.
#include "platform/pc/pm_timer.hpp"

#include "platform/pc/registers.hpp"

namespace skerry::pc {
namespace {

constexpr std::uint64_t pm_timer_hertz = 3'579'545;
constexpr std::uint64_t mask_24_bits = 0xff'ffff;
constexpr std::uint64_t mask_32_bits = 0xffff'ffff;

constinit PlatformRegister counter;

std::uint64_t read_pm_timer() {
  return counter.read();
}

} // namespace

Result<x86_64::ReferenceCounter> start_pm_timer(const acpi::AcpiInfo& info) {
  if (!info.fixed || !info.fixed->pm_timer.exists()) {
    return fail(std::errc::no_such_device);
  }
  counter = TRY(PlatformRegister::map(info.fixed->pm_timer, 32));
  return x86_64::ReferenceCounter{
      .name = "acpi-pm",
      .properties = {.hertz = pm_timer_hertz,
                     .mask = info.fixed->timer_is_32_bit ? mask_32_bits : mask_24_bits},
      .read = read_pm_timer,
      .may_be_clock = true};
}

} // namespace skerry::pc
