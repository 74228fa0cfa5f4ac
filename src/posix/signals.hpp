// SPDX-License-Identifier: Apache-2.0
// Signals within the image (signal(7)): what waits for whom, and what is to be done with it.
#pragma once

#include <core/intrusive_list.hpp>
#include <core/result.hpp>
#include <hal/registers.hpp>
#include <mm/address.hpp>

#include <cstdint>
#include <signal.h>

namespace skerry::kernel {
class WaitQueue;
}

namespace skerry::posix {

struct Task;

/// Signals 1 to 64, bit number = signal - 1.
class SignalSet {
public:
  constexpr SignalSet() = default;
  constexpr explicit SignalSet(std::uint64_t bits) : bits_(bits) {}

  [[nodiscard]] constexpr bool has(int signal) const { return (bits_ >> (signal - 1) & 1) != 0; }
  constexpr void add(int signal) { bits_ |= std::uint64_t{1} << (signal - 1); }
  constexpr void remove(int signal) { bits_ &= ~(std::uint64_t{1} << (signal - 1)); }
  [[nodiscard]] constexpr std::uint64_t bits() const { return bits_; }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  /// The lowest signal in the set, which is not empty.
  [[nodiscard]] int first() const { return __builtin_ctzll(bits_) + 1; }

  friend constexpr SignalSet operator|(SignalSet left, SignalSet right) {
    return SignalSet(left.bits_ | right.bits_);
  }
  friend constexpr SignalSet operator&(SignalSet left, SignalSet right) {
    return SignalSet(left.bits_ & right.bits_);
  }
  friend constexpr SignalSet operator~(SignalSet set) { return SignalSet(~set.bits_); }

private:
  std::uint64_t bits_ = 0;
};

inline constexpr int signal_limit = 64;

/// True for a number that names a signal.
[[nodiscard]] constexpr bool is_signal(int number) {
  return number >= 1 && number <= signal_limit;
}

/// One signal that waits. Lives on the kernel heap.
struct QueuedSignal : ListNode<> {
  explicit QueuedSignal(const siginfo_t& details) : info(details) {}
  siginfo_t info;
};

/// Signals that were sent and not yet taken. Guarded by the signal lock.
struct PendingSignals {
  SignalSet set;
  IntrusiveList<QueuedSignal> queue;
};

/// sigaction(2) in the kernel's layout.
struct SignalAction {
  std::uint64_t handler = 0;
  std::uint64_t flags = 0;
  std::uint64_t restorer = 0;
  std::uint64_t mask = 0;
};

/// Signals that do nothing unless they are caught. Those of a terminal are among them: they do not
/// stop the processes of an orphaned group (POSIX.1-2017, 2.4.3), and nobody here is another's
/// child.
[[nodiscard]] bool is_ignored_by_default(int signal);

/// Sends to one thread. A signal that is ignored is dropped; a standard signal that waits already
/// is not queued twice. Context: thread.
/// Errors: resource_unavailable_try_again  no memory for a queued signal
[[nodiscard]] Result<> send_to_task(Task& task, const siginfo_t& info);

/// Sends to whichever thread does not block it. Context and errors as above.
[[nodiscard]] Result<> send_to_process(const siginfo_t& info);

/// What write(2) to a pipe or socket without a reader does: SIGPIPE for the running thread.
void raise_broken_pipe();

/// A siginfo_t with nothing but number and origin.
[[nodiscard]] siginfo_t make_info(int signal, int code);

/// The action for `signal`; with `change` it is replaced. Returns the old one.
[[nodiscard]] SignalAction exchange_action(int signal, const SignalAction* change);

/// Replaces the running thread's set of blocked signals.
void set_blocked(SignalSet blocked);

/// What waits for the running thread, blocked or not.
[[nodiscard]] SignalSet pending_signals();

/// Takes one waiting signal of `wanted` for the running thread, if there is one.
[[nodiscard]] bool take_signal(SignalSet wanted, siginfo_t& info);

/// Whether the signal of that timer (timer_create(2)) was sent and not yet taken.
[[nodiscard]] bool timer_signal_waits(int signal, int timer);

/// Woken after each signal that was sent.
[[nodiscard]] kernel::WaitQueue& signal_arrivals();

/// The task of the thread with that number, or null. Context: thread; valid until it blocks.
[[nodiscard]] Task* find_task(int number);

/// Gives up what is queued for a task that ends.
void discard_signals(Task& task);

/// Ends the run: the frame that a handler wants to return to cannot be read.
[[noreturn]] void end_by_broken_frame();

/// The exit hook: edits `registers` so that handlers run.
void deliver_signals(hal::RegisterFrame& registers);

/// The fault hook: leads a fault to the application's handler, if it has one.
[[nodiscard]] bool deliver_fault(hal::RegisterFrame& registers, unsigned vector,
                                 std::uint64_t address);

} // namespace skerry::posix
