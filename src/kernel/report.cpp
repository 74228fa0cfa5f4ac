// SPDX-License-Identifier: Apache-2.0
// Reports of faults and panics, and the end of a run. Nothing here allocates or takes a lock: it
// must work when everything else is broken.
#include <core/assert.hpp>
#include <core/format.hpp>
#include <hal/console.hpp>
#include <hal/cpu.hpp>
#include <hal/paging.hpp>
#include <hal/per_cpu.hpp>
#include <kernel/exit.hpp>
#include <kernel/image.hpp>
#include <kernel/symbols.hpp>
#include <kernel/thread.hpp>
#include <kernel/trap.hpp>

namespace skerry::kernel {
namespace {

constexpr unsigned max_backtrace = 32;

/// A report inside a report means that the reporting itself is broken: stop at once.
constinit bool reporting = false;

void begin_report() {
  hal::disable_interrupts();
  if (reporting) {
    hal::console_write("skerry: fault while reporting a fault\n");
    end_run(panic_status, "panic");
  }
  reporting = true;
}

bool is_readable(std::uint64_t address) {
  const mm::VirtualAddress start(address);
  return is_aligned(address, 8) && hal::find_mapping(start) && hal::find_mapping(start + 8);
}

void print_position(unsigned depth, std::uint64_t instruction) {
  char name[160];
  char line[220];
  print_report(
      format_to(line, "  #{:02} {}", depth, describe_code(instruction, name, sizeof name)));
}

} // namespace

std::string_view describe_code(std::uint64_t address, char* buffer, std::size_t size) {
  const std::span<char> output(buffer, size);
  const auto offset = image_offset(mm::VirtualAddress(address));
  if (!offset) {
    return format_to(output, "{:#x} outside the image ", address);
  }
  const auto match = find_symbol(image_symbols(), static_cast<std::uint32_t>(*offset));
  if (!match) {
    return format_to(output, "image+{:#x} ", *offset);
  }
  return format_to(output, "{}+{:#x} ", match->name, match->offset);
}

void print_backtrace(CodePosition position) {
  print_report("called from:");
  for (unsigned depth = 0; depth < max_backtrace && position.instruction != 0; ++depth) {
    print_position(depth, position.instruction);
    if (position.frame == 0 || !is_readable(position.frame)) {
      return;
    }
    const auto* words = mm::VirtualAddress(position.frame).as_pointer<const std::uint64_t>();
    const CodePosition next{words[1], words[0]};
    if (next.frame != 0 && next.frame <= position.frame) {
      return;
    }
    position = next;
  }
}

std::string_view current_thread_name() {
  const Thread* thread = hal::this_cpu().current;
  return thread == nullptr ? "boot" : thread->name();
}

} // namespace skerry::kernel

namespace skerry {

void panic(std::string_view reason, std::source_location where) {
  kernel::begin_report();
  char line[300];
  kernel::print_report(
      format_to(line, "panic in thread \"{}\": {}", kernel::current_thread_name(), reason));
  kernel::print_report(format_to(line, "  at {}:{}", where.file_name(), where.line()));
  kernel::print_backtrace({reinterpret_cast<std::uintptr_t>(__builtin_return_address(0)),
                           *static_cast<const std::uint64_t*>(__builtin_frame_address(0))});
  kernel::stop_after_report();
}

} // namespace skerry

extern "C" [[noreturn]] void __stack_chk_fail() {
  skerry::panic("a stack buffer of the kernel overflowed (canary)");
}
