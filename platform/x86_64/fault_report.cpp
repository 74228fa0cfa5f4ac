// SPDX-License-Identifier: Apache-2.0
// The report of a fault that ends the run: what happened, in which thread, with which registers,
// called from where.
#include "platform/x86_64/traps.hpp"

#include <core/bytes.hpp>
#include <core/format.hpp>
#include <hal/paging.hpp>
#include <hal/per_cpu.hpp>
#include <kernel/trap.hpp>

namespace skerry::x86_64 {
namespace {

constexpr unsigned error_present = 0;
constexpr unsigned error_write = 1;
constexpr unsigned error_fetch = 4;
constexpr std::uint64_t null_area_end = 0x10000;
/// Frames up to this size are told apart from other wild accesses.
constexpr std::uint64_t large_frame = 1_MiB;

template <class... Arguments>
void line(FormatPattern<std::type_identity_t<Arguments>...> pattern,
          const Arguments&... arguments) {
  char text[200];
  kernel::print_report(format_to<Arguments...>(text, pattern, arguments...));
}

std::string_view exception_name(std::uint32_t vector) {
  switch (vector) {
  case exception_divide:
    return "division error";
  case 1:
    return "debug exception";
  case exception_nmi:
    return "non-maskable interrupt";
  case exception_breakpoint:
    return "breakpoint";
  case 4:
    return "overflow";
  case 5:
    return "bound range exceeded";
  case exception_invalid_opcode:
    return "invalid instruction";
  case 7:
    return "device not available";
  case exception_double_fault:
    return "double fault";
  case 10:
    return "invalid task state";
  case 11:
    return "segment not present";
  case 12:
    return "stack segment fault";
  case exception_general_protection:
    return "general protection fault";
  case exception_page_fault:
    return "page fault";
  case 16:
    return "x87 floating-point error";
  case 17:
    return "alignment check";
  case exception_machine_check:
    return "machine check";
  case 19:
    return "vector floating-point error";
  default:
    return "unknown exception";
  }
}

std::string_view verb_of(std::uint64_t error_code) {
  if (has_bit(error_code, error_fetch)) {
    return "execution of";
  }
  return has_bit(error_code, error_write) ? "write to" : "read of";
}

/// True when the application's stack pointer has left its stack: there is no memory in the frame
/// that it was set up for. This knows stacks too that the application made itself.
bool is_stack_overrun(const RegisterFrame& frame, std::uint64_t address) {
  const bool in_frame = address + mm::page_size > frame.rsp && address < frame.rsp + large_frame;
  return frame.from_application != 0 && in_frame && !has_bit(frame.error_code, error_fetch) &&
         !kernel::application_has_memory(mm::VirtualAddress(address));
}

/// What the address of a page fault is, in words.
std::string_view place_of(const RegisterFrame& frame, std::uint64_t address) {
  const std::uint64_t error_code = frame.error_code;
  if (address < null_area_end) {
    return "a null pointer";
  }
  if (kernel::is_stack_guard(mm::VirtualAddress(address)) || is_stack_overrun(frame, address)) {
    return "a stack's guard page: stack overflow";
  }
  if (!has_bit(error_code, error_present)) {
    return kernel::application_has_memory(mm::VirtualAddress(address))
               ? "memory for which there is no page"
               : "unmapped memory";
  }
  const auto mapping = hal::find_mapping(mm::VirtualAddress(address));
  if (mapping && mapping->access == hal::Access::read_execute) {
    return "code";
  }
  if (mapping && mapping->access == hal::Access::read_write) {
    return "data";
  }
  return "read-only data";
}

void report_cause(const RegisterFrame& frame, std::uint64_t address) {
  const auto thread = kernel::current_thread_name();
  const std::string_view where = frame.from_application != 0 ? "application" : "kernel";
  if (frame.vector != exception_page_fault) {
    line("{} in thread \"{}\" ({}), error code {:#x}", exception_name(frame.vector), thread, where,
         frame.error_code);
    return;
  }
  char buffer[160];
  line("{} {} at {:#x} {}in thread \"{}\" ({})", verb_of(frame.error_code),
       place_of(frame, address), address, kernel::describe_code(address, buffer, sizeof buffer),
       thread, where);
}

void report_registers(const RegisterFrame& f) {
  line("  rax {:016x} rbx {:016x} rcx {:016x} rdx {:016x}", f.rax, f.rbx, f.rcx, f.rdx);
  line("  rsi {:016x} rdi {:016x} rbp {:016x} rsp {:016x}", f.rsi, f.rdi, f.rbp, f.rsp);
  line("  r8  {:016x} r9  {:016x} r10 {:016x} r11 {:016x}", f.r8, f.r9, f.r10, f.r11);
  line("  r12 {:016x} r13 {:016x} r14 {:016x} r15 {:016x}", f.r12, f.r13, f.r14, f.r15);
  line("  rip {:016x} rflags {:08x} cr2 {:016x}", f.rip, f.rflags, fault_address());
}

/// The word on top of the interrupted stack, when it can be read.
std::uint64_t top_of_stack(std::uint64_t stack_pointer) {
  const mm::VirtualAddress address(stack_pointer);
  if (!is_aligned(stack_pointer, 8) || !hal::find_mapping(address)) {
    return 0;
  }
  return *address.as_pointer<const std::uint64_t>();
}

} // namespace

void report_fault(const RegisterFrame& frame, std::uint64_t address) {
  report_cause(frame, address);
  report_registers(frame);
  // A call of a null pointer has left nothing but its return address.
  const bool lost = frame.vector == exception_page_fault && frame.rip == address;
  kernel::print_backtrace({lost ? top_of_stack(frame.rsp) : frame.rip, frame.rbp});
  kernel::stop_after_report();
}

} // namespace skerry::x86_64
