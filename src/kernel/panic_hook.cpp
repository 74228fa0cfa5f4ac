// SPDX-License-Identifier: Apache-2.0
// The application's last word. The floors may be in any state: all that a hook can still do is to
// write to the console, and that runs on a stack that nobody else uses.
#include "src/kernel/report_text.hpp"

#include <hal/cpu.hpp>
#include <hal/per_cpu.hpp>
#include <kernel/panic_hook.hpp>

#include <array>
#include <utility>

namespace skerry::kernel {
namespace {

constinit PanicHook panic_hook = nullptr;

alignas(16) constinit std::array<std::byte, 8192> door_stack{};

} // namespace

constinit bool panic_hook_runs = false;

void set_panic_hook(PanicHook hook) {
  panic_hook = hook;
}

void run_panic_hook() {
  hal::disable_interrupts();
  const PanicHook hook = std::exchange(panic_hook, nullptr);
  if (hook == nullptr) {
    return;
  }
  panic_hook_runs = true;
  hal::PerCpu& cpu = hal::this_cpu();
  cpu.pending = 0; // nothing is switched or delivered on the way out of a door
  cpu.kernel_stack_top = reinterpret_cast<std::uintptr_t>(door_stack.data() + door_stack.size());
  const std::string_view report = report_text();
  hook(report.data(), report.size());
}

} // namespace skerry::kernel
