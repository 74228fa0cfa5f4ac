// SPDX-License-Identifier: Apache-2.0
// Tasks: their beginning, and what is settled at their end.
#include "src/posix/task.hpp"

#include "src/posix/futex.hpp"
#include "src/posix/robust_list.hpp"

#include <mm/heap.hpp>

namespace skerry::posix {
namespace {

/// On one CPU, and floors are not preempted.
constinit std::size_t live_tasks = 0;
constinit Duration time_of_ended_tasks;

} // namespace

Task& current_task() {
  return *static_cast<Task*>(kernel::current_thread().task);
}

Result<> adopt_main_task() {
  kernel::Thread& thread = kernel::current_thread();
  thread.task = TRY(mm::make_owned<Task>(&thread)).release();
  ++live_tasks;
  return {};
}

void inherit_task(Task& task) {
  task.blocked = current_task().blocked;
  ++live_tasks;
}

void forget_task(Task& task) {
  discard_signals(task);
  time_of_ended_tasks = time_of_ended_tasks + kernel::processor_time(*task.thread);
  --live_tasks;
  task.thread->task = nullptr;
  const mm::Owned<Task> last_owner(&task);
}

Duration process_time() {
  Duration sum = time_of_ended_tasks;
  kernel::for_each_thread(
      [](kernel::Thread& thread, void* total) {
        if (thread.task != nullptr) {
          auto& time = *static_cast<Duration*>(total);
          time = time + kernel::processor_time(thread);
        }
      },
      &sum);
  return sum;
}

std::size_t application_thread_count() {
  return live_tasks;
}

void settle_task(Task& task) {
  release_robust_list(task);
  if (!task.clear_on_exit.is_null()) {
    // Both may fail when the application has unmapped the word: then nobody waits on it.
    const bool cleared = task.clear_on_exit.write(0).has_value();
    const UserPointer<FutexWord> word(task.clear_on_exit.address().value());
    if (cleared && !futex_wake(word, 1, any_bit)) {
      task.clear_on_exit = {};
    }
  }
}

} // namespace skerry::posix
