// SPDX-License-Identifier: Apache-2.0
// Classifies traps on the interrupt stack and handles, on the thread's own kernel stack, those that
// need more than an acknowledgement (DESIGN, decisions 7 and 8).
#include "platform/x86_64/traps.hpp"

#include "platform/x86_64/interrupt_vectors.hpp"
#include "platform/x86_64/register_frame.hpp"

#include <core/bytes.hpp>
#include <hal/context.hpp>
#include <hal/cpu.hpp>
#include <hal/per_cpu.hpp>
#include <hal/signal_frame.hpp>
#include <kernel/trap.hpp>

#include <cstring>

extern "C" {
extern const std::byte skerry_doors_begin[];
extern const std::byte skerry_doors_end[];
/// The services' side of the doors.
long skerry_system_call(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d,
                        std::uint64_t e, std::uint64_t f, std::uint64_t number);
void skerry_sigreturn_call(std::uint64_t context, skerry::hal::RegisterFrame& registers);
}

namespace skerry::x86_64 {
namespace {

constexpr unsigned first_interrupt = 32;
constexpr unsigned error_present = 0;
constexpr unsigned error_write = 1;
constexpr unsigned error_fetch = 4;

kernel::PageFault describe_page_fault(const RegisterFrame& frame, std::uint64_t address) {
  auto kind = kernel::AccessKind::read;
  if (has_bit(frame.error_code, error_fetch)) {
    kind = kernel::AccessKind::execute;
  } else if (has_bit(frame.error_code, error_write)) {
    kind = kernel::AccessKind::write;
  }
  return {mm::VirtualAddress(address), kind, has_bit(frame.error_code, error_present),
          frame.from_application != 0};
}

/// Copies the frame to where it may stay while the thread sleeps, and enters the floor there.
RegisterFrame* move_to_kernel_stack(RegisterFrame& frame) {
  hal::PerCpu& cpu = hal::this_cpu();
  std::uint64_t top = cpu.kernel_stack_top;
  if (cpu.in_floor != 0) {
    // A floor touched application memory: go on below what it has on its stack.
    top = align_down(frame.rsp, 16);
  } else {
    cpu.in_floor = 1;
    cpu.context->vector_live = true;
    frame.from_application = 1;
  }
  auto* moved = reinterpret_cast<RegisterFrame*>(top - sizeof(RegisterFrame));
  std::memcpy(moved, &frame, sizeof frame);
  return moved;
}

RegisterFrame* classify_interrupt(RegisterFrame& frame) {
  hal::PerCpu& cpu = hal::this_cpu();
  ++cpu.interrupt_depth;
  ++cpu.interrupt_count;
  dispatch_interrupt(frame.vector);
  --cpu.interrupt_depth;
  const bool leaves_application = cpu.in_floor == 0 && cpu.pending != 0;
  return leaves_application ? move_to_kernel_stack(frame) : nullptr;
}

/// True when the exception can be the application's doing, or a floor's access on its behalf.
bool may_be_resolved(const RegisterFrame& frame) {
  const hal::PerCpu& cpu = hal::this_cpu();
  if (cpu.context == nullptr || cpu.interrupt_depth != 0) {
    return false;
  }
  switch (frame.vector) {
  case exception_nmi:
  case exception_double_fault:
  case exception_machine_check:
    return false;
  default:
    break;
  }
  if (cpu.in_floor == 0) {
    return true;
  }
  // In whichever half: the application's static data is part of the image.
  return frame.vector == exception_page_fault && kernel::find_fixup(frame.rip) != 0;
}

void report_unless_handled(RegisterFrame& frame, std::uint64_t address) {
  hal::restore_interrupts(true);
  const bool handled = kernel::offer_fault(frame, frame.vector, address);
  hal::disable_interrupts();
  if (!handled) {
    x86_64::report_fault(frame, address);
  }
}

/// Interrupts are still off, so the CPU's note of the fault address is this fault's.
void handle_exception(RegisterFrame& frame) {
  if (frame.vector == exception_page_fault) {
    const std::uint64_t address = hal::this_cpu().fault_address;
    if (kernel::resolve_page_fault(describe_page_fault(frame, address))) {
      return;
    }
    if (frame.from_application == 0) {
      frame.rip = kernel::find_fixup(frame.rip);
      return;
    }
    report_unless_handled(frame, address);
    return;
  }
  report_unless_handled(frame, 0);
}

bool is_in_door(std::uint64_t instruction) {
  return instruction >= reinterpret_cast<std::uintptr_t>(skerry_doors_begin) &&
         instruction < reinterpret_cast<std::uintptr_t>(skerry_doors_end);
}

void leave_to_application(RegisterFrame& frame) {
  hal::PerCpu& cpu = hal::this_cpu();
  const bool may_deliver = hal::is_call(frame) || !is_in_door(frame.rip);
  const std::uint32_t wanted =
      may_deliver ? ~std::uint32_t{0} : ~std::uint32_t{hal::pending_signal};
  while ((cpu.pending & wanted) != 0) {
    hal::restore_interrupts(true);
    kernel::leave_floor_work(frame, may_deliver);
    hal::disable_interrupts();
  }
  cpu.context->vector_live = false;
  cpu.in_floor = 0;
}

} // namespace
} // namespace skerry::x86_64

extern "C" {

/// On the interrupt stack, interrupts off. Returns where the frame was moved to, or null when the
/// interrupted code can go on at once.
skerry::x86_64::RegisterFrame* skerry_trap_classify(skerry::x86_64::RegisterFrame& frame) {
  using namespace skerry::x86_64;
  if (frame.vector >= first_interrupt) {
    return classify_interrupt(frame);
  }
  const std::uint64_t address = frame.vector == exception_page_fault ? fault_address() : 0;
  if (!may_be_resolved(frame)) {
    frame.from_application = skerry::hal::this_cpu().in_floor == 0 ? 1 : 0;
    skerry::x86_64::report_fault(frame, address);
  }
  skerry::hal::this_cpu().fault_address = address;
  return move_to_kernel_stack(frame);
}

/// On the thread's kernel stack, interrupts off.
void skerry_trap_in_thread(skerry::x86_64::RegisterFrame& frame) {
  using namespace skerry::x86_64;
  if (frame.vector < first_interrupt) {
    handle_exception(frame);
  }
  if (frame.from_application != 0) {
    leave_to_application(frame);
  }
}

/// Door two, on the thread's kernel stack, interrupts off. The vector registers stay where they
/// are: no floor uses them, and a switch to another thread saves them.
void skerry_door_two_call(skerry::x86_64::RegisterFrame& frame) {
  using namespace skerry;
  constexpr std::uint64_t call_sigreturn = 15;
  hal::this_cpu().context->vector_live = true;
  frame.from_application = 1;
  hal::restore_interrupts(true);
  if (frame.rax == call_sigreturn) {
    skerry_sigreturn_call(frame.rsp, frame);
  } else {
    frame.rax = static_cast<std::uint64_t>(skerry_system_call(
        frame.rdi, frame.rsi, frame.rdx, frame.r10, frame.r8, frame.r9, frame.rax));
  }
  hal::disable_interrupts();
  x86_64::leave_to_application(frame);
}

/// The way out of door one when something waits.
void skerry_door_exit(skerry::x86_64::RegisterFrame& frame) {
  skerry::hal::disable_interrupts();
  skerry::x86_64::leave_to_application(frame);
}
}
