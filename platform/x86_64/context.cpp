// SPDX-License-Identifier: Apache-2.0
// What of a thread the processor holds. Vector state is saved with XSAVE, sized by CPUID (Intel SDM
// vol. 1, 13), or with FXSAVE on older processors; only threads whose application code was
// interrupted have any.
#include "platform/x86_64/cpuid.hpp"
#include "platform/x86_64/msr.hpp"
#include "platform/x86_64/processor.hpp"
#include "platform/x86_64/vector_state.hpp"

#include <hal/context.hpp>
#include <hal/per_cpu.hpp>

#include <cstring>

extern "C" {
void skerry_switch_stacks(std::uint64_t* from, std::uint64_t to);
void skerry_thread_begin();
[[noreturn]] void skerry_enter_application(std::uint64_t entry, std::uint64_t stack,
                                           std::uint64_t argument);
}

namespace skerry::x86_64 {
namespace {

constexpr std::size_t fxsave_size = 512;

/// State components that are kept: x87, SSE, AVX, AVX-512, PKRU (SDM vol. 1, 13.1).
constexpr std::uint64_t wanted_components = 0b10'1110'0111;

struct VectorUnit {
  bool has_xsave = false;
  bool has_xsaveopt = false;
  bool has_fsgsbase = false;
  std::uint64_t components = 0;
  std::size_t state_size = fxsave_size;
};

constinit VectorUnit unit;

void save_vector_state(std::byte* area) {
  if (unit.has_xsaveopt) {
    asm volatile("xsaveopt64 (%0)" : : "r"(area), "a"(-1), "d"(-1) : "memory");
  } else if (unit.has_xsave) {
    asm volatile("xsave64 (%0)" : : "r"(area), "a"(-1), "d"(-1) : "memory");
  } else {
    asm volatile("fxsave64 (%0)" : : "r"(area) : "memory");
  }
}

void load_vector_state(const std::byte* area) {
  if (unit.has_xsave) {
    asm volatile("xrstor64 (%0)" : : "r"(area), "a"(-1), "d"(-1) : "memory");
  } else {
    asm volatile("fxrstor64 (%0)" : : "r"(area) : "memory");
  }
}

std::uint64_t read_thread_pointer() {
  if (!unit.has_fsgsbase) {
    return read_msr(Msr::fs_base);
  }
  std::uint64_t value = 0;
  asm volatile("rdfsbase %0" : "=r"(value));
  return value;
}

void write_thread_pointer(std::uint64_t value) {
  if (unit.has_fsgsbase) {
    asm volatile("wrfsbase %0" : : "r"(value) : "memory");
  } else {
    write_msr(Msr::fs_base, value);
  }
}

/// Keeps what the running thread's registers hold and a floor does not save on its stack.
void leave_thread(hal::Context& context) {
  context.thread_pointer = read_thread_pointer();
  if (context.vector_live) {
    save_vector_state(context.vector_state);
    return;
  }
  asm volatile("stmxcsr %0" : "=m"(context.mxcsr));
  asm volatile("fnstcw %0" : "=m"(context.x87_control));
}

void enter_thread(const hal::Context& context) {
  hal::this_cpu().kernel_stack_top = context.kernel_stack_top;
  write_thread_pointer(context.thread_pointer);
  if (context.vector_live) {
    load_vector_state(context.vector_state);
    return;
  }
  // Another thread's x87 stack must not be seen as ours: the ABI wants it empty at a call.
  asm volatile("fninit");
  asm volatile("ldmxcsr %0" : : "m"(context.mxcsr));
  asm volatile("fldcw %0" : : "m"(context.x87_control));
}

} // namespace

void save_whole_vector_state(std::span<std::byte> area) {
  if (unit.has_xsave) {
    // The header is read by XSAVE: what is not zero in it must have come from XSAVE.
    asm volatile("xsave64 (%0)" : : "r"(area.data()), "a"(-1), "d"(-1) : "memory");
  } else {
    asm volatile("fxsave64 (%0)" : : "r"(area.data()) : "memory");
  }
}

void load_foreign_vector_state(std::span<std::byte> area) {
  // Legacy area: MXCSR at 24 (reserved bits fault). Header at 512: XSTATE_BV, XCOMP_BV, zeros.
  constexpr std::size_t mxcsr_offset = 24;
  constexpr std::size_t header_offset = 512;
  constexpr std::size_t header_size = 64;
  std::uint32_t mxcsr = 0;
  std::memcpy(&mxcsr, area.data() + mxcsr_offset, sizeof mxcsr);
  mxcsr &= 0xffff;
  std::memcpy(area.data() + mxcsr_offset, &mxcsr, sizeof mxcsr);
  if (unit.has_xsave) {
    std::uint64_t present = 0;
    std::memcpy(&present, area.data() + header_offset, sizeof present);
    present &= unit.components;
    std::memset(area.data() + header_offset, 0, header_size);
    std::memcpy(area.data() + header_offset, &present, sizeof present);
  }
  load_vector_state(area.data());
}

void initialise_vector_unit() {
  unit.has_fsgsbase = cpu_has_fsgsbase();
  unit.has_xsave = cpu_has_xsave();
  if (unit.has_xsave) {
    unit.components = xsave_sizes().supported & wanted_components;
    asm volatile("xsetbv"
                 :
                 : "c"(0), "a"(static_cast<std::uint32_t>(unit.components)),
                   "d"(static_cast<std::uint32_t>(unit.components >> 32)));
    // The size depends on what XCR0 has now.
    const XsaveSizes sizes = xsave_sizes();
    unit.state_size = sizes.enabled_bytes;
    unit.has_xsaveopt = sizes.has_xsaveopt;
  }
  asm volatile("fninit");
  const std::uint32_t mxcsr = 0x1f80;
  asm volatile("ldmxcsr %0" : : "m"(mxcsr));
}

} // namespace skerry::x86_64

namespace skerry::hal {

std::size_t vector_state_size() {
  return x86_64::unit.state_size;
}

void initialise_vector_state(std::span<std::byte> state) {
  // In the legacy area (SDM vol. 1, 10.5.1): FCW at 0, MXCSR at 24. A zero header (XSTATE_BV)
  // stands for the initial state of every component.
  std::memset(state.data(), 0, state.size());
  const std::uint16_t x87_control = 0x37f;
  const std::uint32_t mxcsr = 0x1f80;
  std::memcpy(state.data(), &x87_control, sizeof x87_control);
  std::memcpy(state.data() + 24, &mxcsr, sizeof mxcsr);
}

void prepare_context(Context& context, mm::VirtualAddress kernel_stack_top,
                     void (*entry)(void* argument), void* argument) {
  context.kernel_stack_top = kernel_stack_top.value();
  // What skerry_switch_stacks pops: r15 r14 r13 r12 rbx rbp, then the return address; one word
  // more keeps the stack aligned for skerry_thread_begin's call.
  auto* words = kernel_stack_top.as_pointer<std::uint64_t>() - 8;
  std::memset(words, 0, 8 * sizeof(std::uint64_t));
  words[2] = reinterpret_cast<std::uintptr_t>(argument);
  words[3] = reinterpret_cast<std::uintptr_t>(entry);
  words[6] = reinterpret_cast<std::uintptr_t>(&skerry_thread_begin);
  context.stack_pointer = reinterpret_cast<std::uintptr_t>(words);
}

void switch_context(Context& from, Context& to) {
  x86_64::leave_thread(from);
  x86_64::enter_thread(to);
  skerry_switch_stacks(&from.stack_pointer, to.stack_pointer);
}

void enter_application(mm::VirtualAddress entry, mm::VirtualAddress stack, std::uint64_t argument) {
  skerry_enter_application(entry.value(), stack.value(), argument);
}

void set_thread_pointer(std::uint64_t value) {
  x86_64::write_thread_pointer(value);
}

std::uint64_t thread_pointer() {
  return x86_64::read_thread_pointer();
}

} // namespace skerry::hal
