// SPDX-License-Identifier: Apache-2.0
// What the services keep for a thread of the application.
#pragma once

#include "src/posix/signals.hpp"
#include "src/posix/user_pointer.hpp"

#include <core/result.hpp>
#include <core/units.hpp>
#include <hal/signal_frame.hpp>
#include <kernel/thread.hpp>

#include <cstdint>

namespace skerry::posix {

/// Belongs to its thread; created before it runs and freed after it has ended.
struct Task {
  explicit Task(kernel::Thread* owner) : thread(owner) {}

  kernel::Thread* thread;
  /// Cleared, and a waiter on it woken, when the thread ends (set_tid_address(2)).
  UserPointer<int> clear_on_exit;
  /// Head of the list of robust mutexes (set_robust_list(2)).
  UserPointer<std::uint64_t> robust_list;

  /// Signals, guarded by signal_state(): what waits, what is blocked, what sigwait waits for.
  PendingSignals pending;
  SignalSet blocked;
  SignalSet awaited;
  /// The mask to go back to after sigsuspend(), ppoll() and their like.
  SignalSet saved_mask;
  bool has_saved_mask = false;
  /// A call through door one ended with EINTR and may be issued again.
  bool call_was_interrupted = false;
  hal::CallWords interrupted_call;
  /// sigaltstack(2); none while its size is 0.
  stack_t alternate_stack{};
};

/// The task of the thread that runs this. Context: thread of the application.
[[nodiscard]] Task& current_task();

/// Makes the running thread one of the application. Context: boot, the main thread.
/// Errors: not_enough_memory
[[nodiscard]] Result<> adopt_main_task();

/// Gives a new task what it takes from the one that creates it, and counts it.
void inherit_task(Task& task);

/// Frees a task whose thread is about to end. Context: that thread.
void forget_task(Task& task);

/// Ends the running thread of the application, and the run with the last one: its status is what
/// the main thread ended with.
[[noreturn]] void end_current_thread(int status);

/// How long threads of the application have had a processor, those that have ended included.
[[nodiscard]] Duration process_time();

/// Threads of the application that have not ended.
[[nodiscard]] std::size_t application_thread_count();

/// What Linux does when a thread ends: robust mutexes are released, clear_on_exit is cleared.
void settle_task(Task& task);

} // namespace skerry::posix
