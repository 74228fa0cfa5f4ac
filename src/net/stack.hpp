// SPDX-License-Identifier: Apache-2.0
// The one stack of the image and the thread that serves it. It belongs to one CPU: whoever is in a
// floor there has it to themselves until they block (DESIGN, decisions 10 and 15).
#pragma once

#include <core/result.hpp>
#include <core/units.hpp>
#include <kernel/wait_queue.hpp>

#include <atomic>

namespace skerry::net {

/// The right to call lwIP, for the life of the object, which is that of one turn: nothing blocks
/// inside. At its end packets to ourselves are delivered, devices are told of what was sent, and
/// the serving thread learns of timers that were set. Context: thread. Of nested ones the outermost
/// counts.
class StackUse {
public:
  StackUse();
  ~StackUse();
  StackUse(const StackUse&) = delete;
  StackUse& operator=(const StackUse&) = delete;
};

/// Whether start_network() has brought the stack up. Sockets need it.
[[nodiscard]] bool stack_is_up();

/// Starts lwIP and its thread. Context: boot.
/// Errors: not_enough_memory; resource_unavailable_try_again  no randomness
[[nodiscard]] Result<> start_stack();

/// Serves the stack until `done`, or `patience` is over, and lets nobody else run: what is sent on
/// the way to the end of the run. `done` is called with a StackUse. Context: thread.
void serve_until(bool (*done)(), Duration patience);

/// A device has something to poll. Any context.
void wake_stack();

/// Wakes whenever an address was gained or lost.
[[nodiscard]] kernel::WaitQueue& address_changes();

} // namespace skerry::net
