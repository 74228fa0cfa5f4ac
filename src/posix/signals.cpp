// SPDX-License-Identifier: Apache-2.0
// Sending, queueing and taking signals.
#include "src/posix/signals.hpp"

#include "src/posix/signal_state.hpp"
#include "src/posix/task.hpp"
#include "src/posix/timers.hpp"

#include <kernel/wait_queue.hpp>
#include <mm/heap.hpp>

namespace skerry::posix {
namespace {

[[clang::no_destroy]] constinit Locked<SignalState> state{LockRank::signals};

constinit kernel::WaitQueue arrivals;

constexpr int first_realtime = 32;

bool is_ignored(const SignalState& signals, int signal) {
  const std::uint64_t handler = signals.actions[static_cast<std::size_t>(signal)].handler;
  return handler == ignore_handler || (handler == default_handler && is_ignored_by_default(signal));
}

/// Wakes the task if the signal is for it now.
void notify(Task& task, int signal) {
  if (!task.blocked.has(signal) || task.awaited.has(signal)) {
    kernel::request_interrupt(*task.thread);
  }
}

/// Queues unless it waits already; returns false when memory is short.
bool enqueue(PendingSignals& pending, const siginfo_t& info) {
  const int signal = info.si_signo;
  if (signal < first_realtime && pending.set.has(signal)) {
    return true;
  }
  auto queued = mm::make_owned<QueuedSignal>(info);
  if (!queued) {
    return false;
  }
  pending.queue.push_back(*queued->release());
  pending.set.add(signal);
  return true;
}

/// Takes the first signal of `wanted` off `pending`.
bool dequeue(PendingSignals& pending, SignalSet wanted, siginfo_t& info) {
  const SignalSet candidates = pending.set & wanted;
  if (candidates.empty()) {
    return false;
  }
  const int signal = candidates.first();
  QueuedSignal* found = nullptr;
  bool more = false;
  for (QueuedSignal& queued : pending.queue) {
    if (queued.info.si_signo == signal) {
      more = found != nullptr;
      found = found == nullptr ? &queued : found;
    }
  }
  if (!more) {
    pending.set.remove(signal);
  }
  info = found->info;
  found->unlink();
  const mm::Owned<QueuedSignal> last_owner(found);
  return true;
}

struct Choice {
  int signal;
  Task* task = nullptr;
};

/// A thread that does not block the signal; the one that waits for it before all others.
Task* choose_task(int signal) {
  Choice choice{signal};
  kernel::for_each_thread(
      [](kernel::Thread& thread, void* context) {
        auto& wanted = *static_cast<Choice*>(context);
        auto* task = static_cast<Task*>(thread.task);
        if (task == nullptr) {
          return;
        }
        const bool waits = task->awaited.has(wanted.signal);
        if (waits || (wanted.task == nullptr && !task->blocked.has(wanted.signal))) {
          wanted.task = task;
        }
      },
      &choice);
  return choice.task;
}

} // namespace

bool is_ignored_by_default(int signal) {
  switch (signal) {
  case SIGCHLD:
  case SIGCONT:
  case SIGURG:
  case SIGWINCH:
  case SIGTSTP:
  case SIGTTIN:
  case SIGTTOU:
    return true;
  default:
    return false;
  }
}

Locked<SignalState>& signal_state() {
  return state;
}

siginfo_t make_info(int signal, int code) {
  siginfo_t info{};
  info.si_signo = signal;
  info.si_code = code;
  return info;
}

namespace {

Result<> send_locked(Task& task, const siginfo_t& info) {
  const auto signals = state.lock();
  const bool waited_for = task.blocked.has(info.si_signo) || task.awaited.has(info.si_signo);
  if (is_ignored(*signals, info.si_signo) && !waited_for) {
    return {};
  }
  if (!enqueue(task.pending, info)) {
    return fail(std::errc::resource_unavailable_try_again);
  }
  notify(task, info.si_signo);
  return {};
}

Result<> send_to_process_locked(const siginfo_t& info) {
  const auto signals = state.lock();
  Task* task = choose_task(info.si_signo);
  if (is_ignored(*signals, info.si_signo) && task != nullptr && !task->awaited.has(info.si_signo)) {
    return {};
  }
  if (!enqueue(signals->pending, info)) {
    return fail(std::errc::resource_unavailable_try_again);
  }
  if (task != nullptr) {
    notify(*task, info.si_signo);
  }
  return {};
}

} // namespace

Result<> send_to_task(Task& task, const siginfo_t& info) {
  TRY(send_locked(task, info));
  arrivals.wake_all();
  return {};
}

Result<> send_to_process(const siginfo_t& info) {
  TRY(send_to_process_locked(info));
  arrivals.wake_all();
  return {};
}

kernel::WaitQueue& signal_arrivals() {
  return arrivals;
}

void raise_broken_pipe() {
  // Without memory the writer still gets EPIPE.
  (void)send_to_task(current_task(), make_info(SIGPIPE, SI_KERNEL));
}

SignalAction exchange_action(int signal, const SignalAction* change) {
  const auto signals = state.lock();
  SignalAction& action = signals->actions[static_cast<std::size_t>(signal)];
  const SignalAction old = action;
  if (change != nullptr) {
    action = *change;
  }
  return old;
}

void set_blocked(SignalSet blocked) {
  const auto signals = state.lock();
  Task& task = current_task();
  blocked.remove(SIGKILL);
  blocked.remove(SIGSTOP);
  task.blocked = blocked;
  if (!((task.pending.set | signals->pending.set) & ~blocked).empty()) {
    kernel::request_interrupt(*task.thread);
  }
}

SignalSet pending_signals() {
  const auto signals = state.lock();
  return current_task().pending.set | signals->pending.set;
}

bool take_signal(SignalSet wanted, siginfo_t& info) {
  {
    const auto signals = state.lock();
    if (!dequeue(current_task().pending, wanted, info) &&
        !dequeue(signals->pending, wanted, info)) {
      return false;
    }
  }
  if (info.si_code == SI_TIMER) {
    settle_timer_signal(info);
  }
  return true;
}

bool timer_signal_waits(int signal, int timer) {
  struct Search {
    int signal;
    int timer;
    bool found = false;
    void look_in(PendingSignals& pending) {
      if (pending.set.has(signal)) {
        for (const QueuedSignal& queued : pending.queue) {
          found = found || (queued.info.si_signo == signal && queued.info.si_code == SI_TIMER &&
                            queued.info.si_timerid == timer);
        }
      }
    }
  } search{signal, timer};
  const auto signals = state.lock();
  search.look_in(signals->pending);
  kernel::for_each_thread(
      [](kernel::Thread& thread, void* context) {
        if (auto* task = static_cast<Task*>(thread.task)) {
          static_cast<Search*>(context)->look_in(task->pending);
        }
      },
      &search);
  return search.found;
}

Task* find_task(int number) {
  struct Search {
    int number;
    Task* task = nullptr;
  } search{number};
  kernel::for_each_thread(
      [](kernel::Thread& thread, void* context) {
        auto& wanted = *static_cast<Search*>(context);
        if (thread.id == wanted.number) {
          wanted.task = static_cast<Task*>(thread.task);
        }
      },
      &search);
  return search.task;
}

void discard_signals(Task& task) {
  const auto signals = state.lock();
  while (QueuedSignal* queued = task.pending.queue.pop_front()) {
    const mm::Owned<QueuedSignal> last_owner(queued);
  }
}

} // namespace skerry::posix
