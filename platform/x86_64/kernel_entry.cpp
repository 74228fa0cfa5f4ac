// SPDX-License-Identifier: Apache-2.0
// The first code in the upper half: makes traps possible and starts the boot page.
#include "platform/x86_64/boot/image_layout.hpp"
#include "platform/x86_64/descriptors.hpp"
#include "platform/x86_64/paging.hpp"
#include "platform/x86_64/processor.hpp"

#include <hal/per_cpu.hpp>
#include <hal/random.hpp>
#include <kernel/boot.hpp>

#include <span>

namespace skerry {
[[noreturn]] void start(const kernel::BootInfo& info);
}

namespace skerry::x86_64 {
namespace {

std::uint64_t boot_canary(const kernel::BootInfo& info) {
  std::uint64_t canary = 0;
  if (hal::hardware_seed(std::as_writable_bytes(std::span(&canary, 1))) != sizeof canary) {
    // As weak as the layout itself, which is reported once.
    canary = info.image_base.value() * 0x9e3779b97f4a7c15ULL ^ info.entry_timestamp;
  }
  // A zero first byte stops a string from running over it.
  return canary & ~std::uint64_t{0xff};
}

} // namespace
} // namespace skerry::x86_64

extern "C" [[noreturn, gnu::no_stack_protector]] void
skerry_kernel_entry(const skerry::kernel::BootInfo* info) {
  using namespace skerry;
  x86_64::load_descriptors();
  x86_64::initialise_processor();
  x86_64::paging_initialize(*info);
  x86_64::paging_drop_identity();
  hal::this_cpu().stack_canary = x86_64::boot_canary(*info);
  start(*info);
}
