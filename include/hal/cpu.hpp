// SPDX-License-Identifier: Apache-2.0
// The processor as the kernel sees it: interrupts on and off, and waiting.
#pragma once

namespace skerry::hal {

/// Turns interrupts off on this CPU. Returns whether they were on.
bool disable_interrupts();
/// Turns interrupts on when `enabled` is what disable_interrupts() returned as true.
void restore_interrupts(bool enabled);
[[nodiscard]] bool interrupts_enabled();

/// Keeps interrupts off for the life of the object. Nests.
class InterruptsOff {
public:
  InterruptsOff() : were_enabled_(disable_interrupts()) {}
  ~InterruptsOff() { restore_interrupts(were_enabled_); }
  InterruptsOff(const InterruptsOff&) = delete;
  InterruptsOff& operator=(const InterruptsOff&) = delete;

private:
  bool were_enabled_;
};

/// Enables interrupts and sleeps until one comes, in one step: an interrupt that arrived after the
/// caller looked for work ends the wait at once. Called with interrupts off; returns with them off.
void wait_for_interrupt();

/// A hint for loops that spin.
void relax();

/// A full fence that devices keep too: a store before it is visible to whoever emulates a device
/// before a load after it is made. Any context.
void order_store_and_load();

} // namespace skerry::hal
