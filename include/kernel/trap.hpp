// SPDX-License-Identifier: Apache-2.0
// What the platform reports to the kernel when the processor traps, and what the kernel answers.
#pragma once

#include <hal/registers.hpp>
#include <mm/address.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace skerry::kernel {

/// What a memory access that faulted wanted to do.
enum class AccessKind : std::uint8_t { read, write, execute };

/// A page fault, as the processor describes it.
struct PageFault {
  mm::VirtualAddress address;
  AccessKind kind = AccessKind::read;
  bool was_present = false;      ///< a mapping exists and forbids the access
  bool from_application = false; ///< otherwise a floor's copy_in or copy_out
};

/// Makes the access possible (a page on demand). Returns false when nothing allows it.
/// Context: thread, interrupts as the faulting code had them.
[[nodiscard]] bool resolve_page_fault(const PageFault& fault);

/// True when the application has memory at `address`, with or without a frame yet. Context: thread,
/// after a fault of application code.
[[nodiscard]] bool application_has_memory(mm::VirtualAddress address);

/// Where a floor's access to application memory goes on after a fault at `instruction`; 0 when the
/// instruction is not one of copy_in() or copy_out(). Any context.
[[nodiscard]] std::uint64_t find_fixup(std::uint64_t instruction);

/// Runs what waits for the way out of the floors: switches threads when another is due, and calls
/// the hook of set_exit_hook() when a signal waits and `may_deliver` allows it.
/// Context: thread, interrupts on; returns with them on.
void leave_floor_work(hal::RegisterFrame& registers, bool may_deliver);

/// Delivers signals by editing `registers`. Clears pending_signal when nothing is left to deliver.
using ExitHook = void (*)(hal::RegisterFrame& registers);

/// Names the services' part in the way out. Context: boot, once.
void set_exit_hook(ExitHook hook);

/// An exception that no page can mend. Returns true when `registers` now lead to a handler of the
/// application; false ends the run with a report. `address` is a page fault's.
using FaultHook = bool (*)(hal::RegisterFrame& registers, unsigned vector, std::uint64_t address);

/// Names the services' part in exceptions. Context: boot, once.
void set_fault_hook(FaultHook hook);

/// Asks the fault hook. Context: thread, interrupts on, fault of application code.
[[nodiscard]] bool offer_fault(hal::RegisterFrame& registers, unsigned vector,
                               std::uint64_t address);

/// One entry of a backtrace: code address and the frame pointer that belongs to it.
struct CodePosition {
  std::uint64_t instruction = 0;
  std::uint64_t frame = 0;
};

/// Writes the chain of callers to the console by name, at most 32 of them. Trusts nothing: each
/// frame must be mapped and lie above the one before. Any context.
void print_backtrace(CodePosition position);

/// Writes `name+0x12 ` and, without a name, what else can be said of a code address.
[[nodiscard]] std::string_view describe_code(std::uint64_t address, char* buffer, std::size_t size);

/// True when `address` lies in the unmapped page beside some stack. Any context.
[[nodiscard]] bool is_stack_guard(mm::VirtualAddress address);

/// Name of the running thread, for reports; never empty.
[[nodiscard]] std::string_view current_thread_name();

/// Writes a report's text to the console, past the log. Any context.
void print_report(std::string_view text);

/// Ends a report: last console line, power off with status 134. Any context.
[[noreturn]] void stop_after_report();

} // namespace skerry::kernel
