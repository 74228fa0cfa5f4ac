// SPDX-License-Identifier: Apache-2.0
// What the application has called before a run ends in a report.
#pragma once

#include <cstddef>

namespace skerry::kernel {

/// `report` is what print_report() has written, `size` its bytes.
using PanicHook = void (*)(const char* report, std::size_t size);

/// Null: none. Any context.
void set_panic_hook(PanicHook hook);

/// True from the moment that the hook is entered: system calls are closed.
extern bool panic_hook_runs;

/// Calls the hook, once, with interrupts off; its calls run on a stack of their own. Any context.
void run_panic_hook();

} // namespace skerry::kernel
