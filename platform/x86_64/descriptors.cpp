// SPDX-License-Identifier: Apache-2.0
// Builds and loads the descriptor tables of the boot CPU.
#include "platform/x86_64/descriptors.hpp"

#include "platform/x86_64/msr.hpp"
#include "platform/x86_64/offsets.h"

#include <core/bytes.hpp>
#include <hal/per_cpu.hpp>

#include <cstddef>

extern "C" {
extern const std::byte skerry_trap_stubs[];
extern std::byte skerry_fault_stack_top[];
extern std::byte skerry_interrupt_stack_top[];
extern std::byte skerry_nmi_stack_top[];
extern std::byte skerry_double_fault_stack_top[];
extern std::byte skerry_machine_check_stack_top[];
}

namespace skerry::x86_64 {
namespace {

using hal::PerCpu;
static_assert(offsetof(PerCpu, self) == PER_CPU_SELF);
static_assert(offsetof(PerCpu, kernel_stack_top) == PER_CPU_KERNEL_STACK_TOP);
static_assert(offsetof(PerCpu, pending) == PER_CPU_PENDING);
static_assert(offsetof(PerCpu, in_floor) == PER_CPU_IN_FLOOR);
static_assert(offsetof(PerCpu, user_stack) == PER_CPU_USER_STACK);
static_assert(offsetof(PerCpu, stack_canary) == PER_CPU_CANARY);

struct Gate {
  std::uint16_t offset_low = 0;
  std::uint16_t selector = 0;
  std::uint8_t stack = 0;
  std::uint8_t type = 0;
  std::uint16_t offset_middle = 0;
  std::uint32_t offset_high = 0;
  std::uint32_t reserved = 0;
};
static_assert(sizeof(Gate) == 16);

/// SDM vol. 3, figure 7-11: only the interrupt stack table is used in 64-bit mode at one ring.
struct [[gnu::packed]] TaskState {
  std::uint32_t reserved0 = 0;
  std::uint64_t ring_stacks[3] = {};
  std::uint64_t reserved1 = 0;
  std::uint64_t interrupt_stacks[7] = {};
  std::uint64_t reserved2 = 0;
  std::uint16_t reserved3 = 0;
  std::uint16_t io_map_base = sizeof(TaskState);
};
static_assert(sizeof(TaskState) == 104);

struct [[gnu::packed]] TableRegister {
  std::uint16_t limit;
  std::uint64_t base;
};

constexpr std::size_t stub_size = 16;
constexpr std::uint8_t present_interrupt_gate = 0x8e;
constexpr std::uint16_t task_selector = 0x18;

constinit std::uint64_t segment_table[5] = {0, 0x00af9b000000ffff, 0x00cf93000000ffff, 0, 0};
constinit TaskState task_state;
constinit Gate gates[256];
constinit PerCpu boot_cpu;

InterruptStack stack_of(unsigned vector) {
  switch (vector) {
  case 2:
    return InterruptStack::nmi;
  case 8:
    return InterruptStack::double_fault;
  case 18:
    return InterruptStack::machine_check;
  default:
    return vector < 32 ? InterruptStack::fault : InterruptStack::interrupt;
  }
}

void fill_gates() {
  for (unsigned vector = 0; vector < 256; ++vector) {
    const auto address = reinterpret_cast<std::uintptr_t>(skerry_trap_stubs) + vector * stub_size;
    gates[vector] = {static_cast<std::uint16_t>(address),
                     SELECTOR_CODE,
                     static_cast<std::uint8_t>(stack_of(vector)),
                     present_interrupt_gate,
                     static_cast<std::uint16_t>(address >> 16),
                     static_cast<std::uint32_t>(address >> 32),
                     0};
  }
}

void set_stack(InterruptStack stack, const std::byte* top) {
  task_state.interrupt_stacks[static_cast<unsigned>(stack) - 1] =
      reinterpret_cast<std::uintptr_t>(top);
}

void fill_task_state() {
  set_stack(InterruptStack::fault, skerry_fault_stack_top);
  set_stack(InterruptStack::interrupt, skerry_interrupt_stack_top);
  set_stack(InterruptStack::nmi, skerry_nmi_stack_top);
  set_stack(InterruptStack::double_fault, skerry_double_fault_stack_top);
  set_stack(InterruptStack::machine_check, skerry_machine_check_stack_top);

  const auto base = reinterpret_cast<std::uintptr_t>(&task_state);
  const std::uint64_t type = 0x89; // present, available 64-bit TSS
  segment_table[3] =
      (sizeof(TaskState) - 1) | (base & 0xff'ffff) << 16 | type << 40 | (base >> 24 & 0xff) << 56;
  segment_table[4] = base >> 32;
}

void load_tables() {
  const TableRegister segments{sizeof segment_table - 1,
                               reinterpret_cast<std::uintptr_t>(segment_table)};
  const TableRegister interrupts{sizeof gates - 1, reinterpret_cast<std::uintptr_t>(gates)};
  // SAFETY: both tables are static; the far return reloads CS with the same 64-bit code segment.
  asm volatile("lgdt %0\n\t"
               "lidt %1\n\t"
               "pushq %2\n\t"
               "leaq 1f(%%rip), %%rax\n\t"
               "pushq %%rax\n\t"
               "lretq\n"
               "1:\n\t"
               "movl %3, %%eax\n\t"
               "movl %%eax, %%ss\n\t"
               "xorl %%eax, %%eax\n\t"
               "movl %%eax, %%ds\n\t"
               "movl %%eax, %%es\n\t"
               "movl %%eax, %%fs\n\t"
               "movl %%eax, %%gs\n\t"
               "ltr %w4"
               :
               : "m"(segments), "m"(interrupts), "i"(SELECTOR_CODE), "i"(SELECTOR_DATA),
                 "r"(static_cast<std::uint32_t>(task_selector))
               : "rax", "memory");
}

} // namespace

// The canary moves with the GS base, so this function cannot have one.
[[gnu::no_stack_protector]] void load_descriptors() {
  fill_gates();
  fill_task_state();
  load_tables();
  boot_cpu.self = &boot_cpu;
  write_msr(Msr::gs_base, reinterpret_cast<std::uintptr_t>(&boot_cpu));
}

} // namespace skerry::x86_64

namespace skerry::hal {

PerCpu& this_cpu() {
  PerCpu* self = nullptr;
  asm volatile("movq %%gs:%c1, %0" : "=r"(self) : "i"(PER_CPU_SELF));
  return *self;
}

} // namespace skerry::hal
