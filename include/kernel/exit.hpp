// SPDX-License-Identifier: Apache-2.0
// How a run ends.
#pragma once

#include <cstdint>
#include <string_view>

namespace skerry::kernel {

/// Status of a run that ended in a panic or an unhandled fault, as a shell shows an abort.
inline constexpr std::uint8_t panic_status = 134;
/// Status of a run whose kernel arguments were wrong.
inline constexpr std::uint8_t usage_status = 2;

/// Writes the last console line, `skerry: exit status N` (with `reason` in brackets when there is
/// one), and turns the machine off with interrupts off: nothing comes behind that line. Any
/// context.
[[noreturn]] void end_run(std::uint8_t status, std::string_view reason = {});

using LastAct = void (*)();

/// What run_last_act() calls; the one before is replaced. Context: thread.
void set_last_act(LastAct act);

/// What must be done before the machine is turned off while the kernel is in good order:
/// connections end. Returns after a second at the latest; does nothing the second time. Context:
/// thread, which holds nothing.
void run_last_act();

/// Writes `skerry: restart` with `reason` in brackets and resets the machine. Any context.
[[noreturn]] void restart(std::string_view reason);

/// Ends a run that cannot begin: one line that says why, then status 2. Context: boot, thread.
[[noreturn]] void refuse_to_run(std::string_view why);

} // namespace skerry::kernel
