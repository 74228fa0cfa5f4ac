// SPDX-License-Identifier: Apache-2.0
// Creation and end of threads.
#include "src/kernel/scheduler.hpp"

#include <core/assert.hpp>
#include <hal/cpu.hpp>
#include <hal/per_cpu.hpp>
#include <kernel/thread.hpp>
#include <mm/heap.hpp>

#include <algorithm>

namespace skerry::kernel {
namespace {

constexpr std::size_t kernel_stack_size = 16_KiB;
constexpr std::size_t vector_state_alignment = 64;

/// What a new thread calls; it frees this itself.
struct Start {
  void (*entry)(void*);
  void* argument;
};

constinit IntrusiveList<Thread, AllThreadsTag> all_threads;
constinit std::size_t count = 0;
/// The first thread has the process's own number, as on Linux.
constinit std::int32_t next_id = 2;

void begin(void* argument) {
  finish_switch();
  const Start start = *static_cast<Start*>(argument);
  mm::heap().free(argument);
  hal::restore_interrupts(true);
  start.entry(start.argument);
  exit_thread();
}

Result<> allocate_vector_state(Thread& thread) {
  const std::size_t size = hal::vector_state_size();
  auto* state = static_cast<std::byte*>(TRY(mm::heap().allocate(size, vector_state_alignment)));
  hal::initialise_vector_state({state, size});
  thread.context.vector_state = state;
  return {};
}

Result<> allocate_parts(Thread& thread, bool with_vector_state) {
  thread.stack = TRY(mm::kernel_space().allocate_stack(kernel_stack_size));
  if (with_vector_state) {
    TRY(allocate_vector_state(thread));
  }
  return {};
}

void enlist(Thread& thread, std::string_view name) {
  thread.set_name(name);
  const hal::InterruptsOff off;
  thread.id = next_id++;
  all_threads.push_back(thread);
  ++count;
}

} // namespace

void Thread::set_name(std::string_view name) {
  name_size_ = static_cast<std::uint8_t>(std::min(name.size(), max_name));
  std::copy_n(name.begin(), name_size_, name_);
  name_[name_size_] = '\0';
}

Thread& current_thread() {
  return *hal::this_cpu().current;
}

Result<> start_threads() {
  auto first = TRY(mm::make_owned<Thread>());
  TRY(allocate_parts(*first, true));
  Thread& thread = *first.release();
  thread.context.kernel_stack_top = thread.stack.top().value();
  thread.state = ThreadState::running;
  enlist(thread, "main");
  adopt_boot_thread(thread);
  return start_idling();
}

Result<Thread*> create_thread(const NewThread& recipe) {
  auto owned = TRY(mm::make_owned<Thread>());
  auto start = TRY(mm::make_owned<Start>(recipe.entry, recipe.argument));
  if (const auto parts = allocate_parts(*owned, recipe.for_application); !parts) {
    free_parts(*owned);
    return fail(parts.error());
  }
  Thread* thread = owned.release();
  thread->priority = recipe.priority;
  hal::prepare_context(thread->context, thread->stack.top(), begin, start.release());
  enlist(*thread, recipe.name);
  return thread;
}

void free_parts(Thread& thread) {
  if (thread.context.vector_state != nullptr) {
    mm::heap().free(thread.context.vector_state);
  }
}

void destroy(Thread& thread) {
  {
    const hal::InterruptsOff off;
    static_cast<ListNode<AllThreadsTag>&>(thread).unlink();
    --count;
  }
  free_parts(thread);
  mm::Owned<Thread> last_owner(&thread);
}

std::size_t thread_count() {
  return count;
}

void for_each_thread(void (*visit)(Thread& thread, void* context), void* context) {
  for (Thread& thread : all_threads) {
    visit(thread, context);
  }
}

} // namespace skerry::kernel
