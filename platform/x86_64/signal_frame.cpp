// SPDX-License-Identifier: Apache-2.0
// Signal frames in Linux' layout for x86-64: return address, ucontext_t, siginfo_t, and above them
// the vector registers in XSAVE's format, to which the ucontext points.
#include "platform/x86_64/floating_point_fault.hpp"
#include "platform/x86_64/register_frame.hpp"
#include "platform/x86_64/traps.hpp"
#include "platform/x86_64/vector_state.hpp"

#include <core/bytes.hpp>
#include <hal/context.hpp>
#include <hal/per_cpu.hpp>
#include <hal/signal_frame.hpp>
#include <mm/user_copy.hpp>

#include <csignal>
#include <cstring>
#include <ucontext.h>

extern "C" void skerry_door_one();

namespace skerry::x86_64 {
namespace {

constexpr std::uint64_t syscall_size = 2; ///< bytes of the instruction

/// What code compiled elsewhere may use below its stack pointer (System V ABI, AMD64, 3.2.2).
constexpr std::uint64_t red_zone = 128;
/// Flags that an application may set: CF PF AF ZF SF TF DF OF RF AC.
constexpr std::uint64_t free_flags = 0x50dd5;
constexpr std::uint64_t interrupt_flag = 0x200;

struct Frame {
  std::uint64_t return_address;
  ucontext_t context;
  siginfo_t info;
};

std::span<std::byte> vector_buffer() {
  return {hal::this_cpu().context->vector_state, hal::vector_state_size()};
}

void fill_registers(greg_t (&out)[23], const RegisterFrame& in, std::uint64_t fault_address) {
  const std::uint64_t values[] = {in.r8,  in.r9,         in.r10,
                                  in.r11, in.r12,        in.r13,
                                  in.r14, in.r15,        in.rdi,
                                  in.rsi, in.rbp,        in.rbx,
                                  in.rdx, in.rax,        in.rcx,
                                  in.rsp, in.rip,        in.rflags,
                                  in.cs,  in.error_code, in.vector == VECTOR_DOOR ? 0 : in.vector,
                                  0,      fault_address};
  static_assert(sizeof values == sizeof out);
  std::memcpy(out, values, sizeof out);
}

void take_registers(RegisterFrame& out, const greg_t (&in)[23]) {
  std::uint64_t* const targets[] = {&out.r8,  &out.r9,  &out.r10, &out.r11, &out.r12, &out.r13,
                                    &out.r14, &out.r15, &out.rdi, &out.rsi, &out.rbp, &out.rbx,
                                    &out.rdx, &out.rax, &out.rcx, &out.rsp, &out.rip};
  for (std::size_t i = 0; i < std::size(targets); ++i) {
    *targets[i] = static_cast<std::uint64_t>(in[i]);
  }
  const auto flags = static_cast<std::uint64_t>(in[REG_EFL]);
  out.rflags = (flags & free_flags) | interrupt_flag | 2;
  out.cs = SELECTOR_CODE;
  out.ss = SELECTOR_DATA;
  out.error_code = 0;
  out.vector = VECTOR_DOOR;
  out.from_application = 1;
}

/// Why a floating-point exception came. The registers still are as the faulting instruction left
/// them, or are so again: no floor uses them, and a switch of threads saves them.
int cause_of_floating_point(std::uint64_t vector) {
  const auto state = vector_buffer();
  save_whole_vector_state(state);
  struct {
    std::uint16_t control;
    std::uint16_t status;
    std::uint16_t others[10];
    std::uint32_t mxcsr;
  } legacy{}; // the first of the legacy area (SDM vol. 1, 10.5.1)
  static_assert(offsetof(decltype(legacy), mxcsr) == 24);
  std::memcpy(&legacy, state.data(), sizeof legacy);
  return vector == exception_sse ? sse_fault_code(legacy.mxcsr)
                                 : x87_fault_code(legacy.status, legacy.control);
}

/// Puts the vector registers on the stack and returns their address.
Result<std::uint64_t> push_vector_state(std::uint64_t top) {
  const auto state = vector_buffer();
  std::memset(state.data(), 0, state.size());
  save_whole_vector_state(state);
  const std::uint64_t place = align_down(top - state.size(), 64);
  TRY(mm::copy_out(mm::VirtualAddress(place), state));
  // A handler starts with the registers of a fresh program, as on Linux.
  hal::initialise_vector_state(state);
  load_foreign_vector_state(state);
  return place;
}

} // namespace
} // namespace skerry::x86_64

namespace skerry::hal {

using namespace x86_64;

Result<> push_signal_frame(RegisterFrame& registers, const SignalFrame& request) {
  const std::uint64_t top = request.stack_top != 0 ? request.stack_top : registers.rsp - red_zone;
  const std::uint64_t vectors = TRY(push_vector_state(top));

  Frame frame{};
  frame.return_address = request.restorer;
  fill_registers(frame.context.uc_mcontext.gregs, registers, request.fault_address);
  frame.context.uc_mcontext.fpregs = reinterpret_cast<fpregset_t>(vectors);
  std::memcpy(&frame.context.uc_sigmask, &request.mask, sizeof request.mask);
  std::memcpy(&frame.context.uc_stack, request.alternate_stack.data(),
              request.alternate_stack.size());
  std::memcpy(&frame.info, request.info.data(), request.info.size());

  // As after a call: the stack is 8 off a multiple of 16.
  const std::uint64_t place = align_down(vectors - sizeof frame, 16) - 8;
  TRY(mm::copy_out(mm::VirtualAddress(place), std::as_bytes(std::span(&frame, 1))));
  registers.rip = request.handler;
  registers.rsp = place;
  registers.rdi = static_cast<std::uint64_t>(request.signal);
  registers.rsi = place + offsetof(Frame, info);
  registers.rdx = place + offsetof(Frame, context);
  registers.rax = 0;
  registers.rflags = interrupt_flag | 2;
  return {};
}

Result<std::uint64_t> pop_signal_frame(RegisterFrame& registers, mm::VirtualAddress context) {
  ucontext_t saved{};
  TRY(mm::copy_in(std::as_writable_bytes(std::span(&saved, 1)), context));
  const auto state = vector_buffer();
  if (saved.uc_mcontext.fpregs != nullptr) {
    TRY(mm::copy_in(state, mm::VirtualAddress(saved.uc_mcontext.fpregs)));
  } else {
    initialise_vector_state(state);
  }
  load_foreign_vector_state(state);
  take_registers(registers, saved.uc_mcontext.gregs);
  // All registers count now, not only those that a call keeps.
  this_cpu().context->vector_live = true;
  std::uint64_t mask = 0;
  std::memcpy(&mask, &saved.uc_sigmask, sizeof mask);
  return mask;
}

void restart_call(RegisterFrame& registers, const CallWords& call) {
  if (registers.vector == VECTOR_DOOR_TWO) {
    registers.rip -= syscall_size; // all registers but this one still are what they were
    registers.rax = call.number;
    return;
  }
  // The return address is still where the door found it.
  registers.rsp -= 8;
  registers.rip = reinterpret_cast<std::uintptr_t>(&skerry_door_one);
  registers.rdi = call.arguments[0];
  registers.rsi = call.arguments[1];
  registers.rdx = call.arguments[2];
  registers.rcx = call.arguments[3];
  registers.r8 = call.arguments[4];
  registers.r9 = call.arguments[5];
  registers.rax = call.number;
}

bool is_call(const RegisterFrame& registers) {
  return registers.vector == VECTOR_DOOR || registers.vector == VECTOR_DOOR_TWO;
}

std::uint64_t stack_pointer(const RegisterFrame& registers) {
  return registers.rsp;
}

std::uint64_t caller_stack_pointer() {
  // Door one puts it at the base of the kernel stack, door two below a selector.
  const auto* base = reinterpret_cast<const std::uint64_t*>(this_cpu().kernel_stack_top);
  return base[-1] == SELECTOR_DATA ? base[-2] : base[-1];
}

std::uint64_t instruction_pointer(const RegisterFrame& registers) {
  return registers.rip;
}

std::uint64_t frame_pointer(const RegisterFrame& registers) {
  return registers.rbp;
}

FaultSignal signal_of_fault(const RegisterFrame& registers, unsigned vector) {
  switch (vector) {
  case exception_divide:
    return {SIGFPE, FPE_INTDIV};
  case 1:
  case exception_breakpoint:
    return {SIGTRAP, TRAP_BRKPT};
  case 4:
    return {SIGSEGV, SI_KERNEL};
  case exception_invalid_opcode:
    return {SIGILL, ILL_ILLOPN};
  case exception_x87:
  case exception_sse:
    return {SIGFPE, cause_of_floating_point(vector)};
  case 17:
    return {SIGBUS, BUS_ADRALN};
  case exception_page_fault:
    return {SIGSEGV, has_bit(registers.error_code, 0) ? SEGV_ACCERR : SEGV_MAPERR,
            has_bit(registers.error_code, 1)};
  default:
    return {SIGSEGV, SI_KERNEL};
  }
}

void report_fault(const RegisterFrame& registers, std::uint64_t address) {
  x86_64::report_fault(registers, address);
}

} // namespace skerry::hal
