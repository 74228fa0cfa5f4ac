// SPDX-License-Identifier: Apache-2.0
// Sets up control registers (Intel SDM vol. 3, 2.5) and waits for interrupts.
#include "platform/x86_64/processor.hpp"

#include "platform/x86_64/cpuid.hpp"
#include "platform/x86_64/msr.hpp"
#include "platform/x86_64/offsets.h"
#include "platform/x86_64/tsc.hpp"

#include <hal/cpu.hpp>

#include <cstdint>

/// In traps.S.
extern "C" void skerry_door_two();

namespace skerry::x86_64 {
namespace {

constexpr unsigned cr4_global_pages = 7;
constexpr unsigned cr4_fxsave = 9;
constexpr unsigned cr4_vector_exceptions = 10;
constexpr unsigned cr4_umip = 11;
constexpr unsigned cr4_fsgsbase = 16;
constexpr unsigned cr4_xsave = 18;
constexpr unsigned cr4_smep = 20;
constexpr unsigned rflags_interrupt = 9;

/// QEMU's translator leaves fences out of a machine with one processor (before 8.1), though the
/// devices' threads run beside it: a notification may be missed for ever. Immutable after boot.
constinit bool fences_are_left_out = false;

std::uint64_t read_cr4() {
  std::uint64_t value = 0;
  asm volatile("movq %%cr4, %0" : "=r"(value));
  return value;
}

std::uint64_t flag(unsigned number, bool wanted) {
  return wanted ? bit(number) : 0;
}

/// Lets SYSCALL lead to door two (SDM vol. 3, 6.8.8). Its flags that must not last: interrupts
/// until the stack is ours, single step, string direction, alignment check.
void open_door_two() {
  constexpr unsigned efer_syscall = 0;
  constexpr std::uint64_t cleared_flags = bit(8) | bit(rflags_interrupt) | bit(10) | bit(18);
  write_msr(Msr::star, std::uint64_t{SELECTOR_CODE} << 32U);
  write_msr(Msr::lstar, reinterpret_cast<std::uintptr_t>(&skerry_door_two));
  write_msr(Msr::fmask, cleared_flags);
  write_msr(Msr::efer, read_msr(Msr::efer) | bit(efer_syscall));
}

} // namespace

void initialise_processor() {
  // Everything runs in ring 0, where SMAP would never hold; SMEP costs nothing and catches a
  // mapping that has the user bit by mistake.
  const std::uint64_t features = bit(cr4_fxsave) | bit(cr4_vector_exceptions) |
                                 flag(cr4_global_pages, cpu_has_global_pages()) |
                                 flag(cr4_umip, cpu_has_umip()) |
                                 flag(cr4_fsgsbase, cpu_has_fsgsbase()) |
                                 flag(cr4_xsave, cpu_has_xsave()) | flag(cr4_smep, cpu_has_smep());
  asm volatile("movq %0, %%cr4" : : "r"(read_cr4() | features) : "memory");
  initialise_vector_unit();
  open_door_two();
  fences_are_left_out = find_hypervisor("TCGTCGTCGTCG").exists();
}

} // namespace skerry::x86_64

namespace skerry::hal {

bool interrupts_enabled() {
  std::uint64_t flags = 0;
  asm volatile("pushfq; popq %0" : "=r"(flags));
  return has_bit(flags, x86_64::rflags_interrupt);
}

bool disable_interrupts() {
  const bool enabled = interrupts_enabled();
  asm volatile("cli" : : : "memory");
  return enabled;
}

void restore_interrupts(bool enabled) {
  if (enabled) {
    asm volatile("sti" : : : "memory");
  }
}

void wait_for_interrupt() {
  // STI holds interrupts back for one instruction more: none is lost between it and HLT.
  asm volatile("sti; hlt; cli" : : : "memory");
}

void relax() {
  asm volatile("pause");
}

void order_store_and_load() {
  asm volatile("mfence" : : : "memory");
  if (x86_64::fences_are_left_out) {
    // QEMU reads the counter under a lock, which it takes by an exchange: a fence of the host's.
    (void)x86_64::read_tsc();
  }
}

} // namespace skerry::hal
