// SPDX-License-Identifier: Apache-2.0
// Threads and the scheduler of a CPU. Only application code is preempted; a floor runs until it
// blocks or leaves through its door (DESIGN, decisions 7 and 8).
#pragma once

#include <core/intrusive_list.hpp>
#include <core/result.hpp>
#include <core/units.hpp>
#include <hal/context.hpp>
#include <mm/kernel_space.hpp>

#include <cstdint>
#include <string_view>

namespace skerry::kernel {

struct RunQueueTag;
struct AllThreadsTag;

/// What is run first. The CPU's own loop outranks applications.
enum class Priority : std::uint8_t { loop, normal };
inline constexpr std::size_t priority_count = 2;

enum class ThreadState : std::uint8_t { runnable, running, blocked, ended };

/// A flow of control with a kernel stack of its own.
class Thread : public ListNode<RunQueueTag>, public ListNode<AllThreadsTag> {
public:
  static constexpr std::size_t max_name = 15;

  /// Longest name as Linux has it: 15 characters; the rest is cut off.
  void set_name(std::string_view name);
  [[nodiscard]] std::string_view name() const { return {name_, name_size_}; }

  hal::Context context;
  mm::KernelStack stack;
  ThreadState state = ThreadState::blocked;
  Priority priority = Priority::normal;
  std::int32_t id = 0;
  /// A wait that may be interrupted ends with `interrupted` while this is set, and the way out of
  /// the floors calls the exit hook: a signal waits. Set with request_interrupt().
  bool interrupt_requested = false;
  /// The thread sleeps in a wait that may be interrupted.
  bool in_interruptible_wait = false;
  /// Of the processor, up to when it last began to run.
  Duration time_used;
  /// What the services keep for this thread (posix::Task); null for a kernel thread.
  void* task = nullptr;

private:
  char name_[max_name + 1] = {};
  std::uint8_t name_size_ = 0;
};

/// The thread that runs this. Context: thread.
[[nodiscard]] Thread& current_thread();

/// Makes the code that runs now the first thread, and prepares idling.
/// Context: boot, once, after the kernel heap.
/// Errors: not_enough_memory
[[nodiscard]] Result<> start_threads();

/// A thread to be.
struct NewThread {
  std::string_view name;
  Priority priority = Priority::normal;
  /// Runs in the floors; a thread whose entry returns ends.
  void (*entry)(void*) = nullptr;
  void* argument = nullptr;
  /// It will enter application code, and so needs room for vector registers.
  bool for_application = false;
};

/// Creates a thread in state blocked: make_runnable() starts it. The scheduler owns the thread
/// until it ends; the result stays valid until then.
/// Errors: not_enough_memory
[[nodiscard]] Result<Thread*> create_thread(const NewThread& recipe);

/// Ends the running thread; its memory is freed by another. Context: thread, no lock held.
[[noreturn]] void exit_thread();

/// Gives the CPU to the next runnable thread. The caller has set its own state when it does not
/// want to go on. Returns when this thread runs again. Context: thread, interrupts off.
void reschedule();

/// Lets others of the same priority run. Context: thread.
void yield();

/// Makes a blocked thread runnable; nothing happens when it is not blocked. Any context.
void make_runnable(Thread& thread);

/// Sets interrupt_requested and ends an interruptible wait. Any context.
void request_interrupt(Thread& thread);
/// Nothing waits for the running thread any more. Context: thread.
void clear_interrupt_request();

/// How long `thread` has had a processor, until now. Context: thread.
[[nodiscard]] Duration processor_time(const Thread& thread);

/// How many threads exist, the idle one not counted.
[[nodiscard]] std::size_t thread_count();

/// Calls `visit` for each thread. Context: thread; `visit` must not block.
void for_each_thread(void (*visit)(Thread& thread, void* context), void* context);

} // namespace skerry::kernel
