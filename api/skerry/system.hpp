// SPDX-License-Identifier: Apache-2.0
// The image that a service runs in: which Skerry, since when, and how to end it.
#pragma once

#include <chrono>
#include <string_view>

namespace skerry {

/// "0.1.0": of the Skerry that the image was linked with. Any thread; lives for ever.
[[nodiscard]] std::string_view version() noexcept;

/// Time since the kernel's first look at a clock. Any thread.
[[nodiscard]] std::chrono::nanoseconds uptime() noexcept;

/// Ends the run as std::_Exit(status) does: no destructors, nothing is flushed. Any thread.
[[noreturn]] void power_off(int status = 0) noexcept;

/// Resets the machine, likewise. Any thread.
[[noreturn]] void reboot() noexcept;

/// What is called when the run ends in a report: a panic of the kernel, or a fault that no signal
/// handler took. `report` is what the console has shown of it.
///
/// Context: the stack that failed, interrupts off, once. No call of the system works (they answer
/// EIO) but emergency_write() and power_off(); nothing may be waited for and no lock taken. A hook
/// that faults ends the run.
using PanicHook = void (*)(std::string_view report);

/// Sets the hook; null takes it away. Returns the one before. Any thread.
PanicHook on_panic(PanicHook hook) noexcept;

/// Writes to the machine's console, past standard output. Also from a PanicHook.
void emergency_write(std::string_view text) noexcept;

} // namespace skerry
