// SPDX-License-Identifier: Apache-2.0
// Creating threads and ending them, and the calls around futexes.
#include "src/posix/call_trace.hpp"
#include "src/posix/calls.hpp"
#include "src/posix/descriptors.hpp"
#include "src/posix/futex.hpp"
#include "src/posix/futex_abi.hpp"
#include "src/posix/process.hpp"
#include "src/posix/task.hpp"
#include "src/posix/time.hpp"

#include <hal/clock.hpp>
#include <kernel/panic_hook.hpp>
#include <mm/heap.hpp>

#include <atomic>
#include <cerrno>
#include <sched.h>
#include <sys/syscall.h>

namespace skerry::posix {
namespace {

/// What pthread_create() asks for; anything else would be a process.
constexpr int thread_flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD;
constexpr int known_flags = thread_flags | CLONE_SYSVSEM | CLONE_SETTLS | CLONE_PARENT_SETTID |
                            CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID | CLONE_DETACHED;

/// What the main thread ended with, for the end of the last one (exit(2)).
constinit std::atomic<std::uint8_t> main_status = 0;

/// What a new thread needs before it enters the application.
struct Entry {
  Task* task;
  std::uint64_t function;
  std::uint64_t stack;
  std::uint64_t argument;
};

void enter(void* argument) {
  const Entry entry = *static_cast<Entry*>(argument);
  mm::heap().free(argument);
  const std::uint64_t aligned_stack = entry.stack & ~std::uint64_t{15};
  hal::enter_application(mm::VirtualAddress(entry.function), mm::VirtualAddress(aligned_stack),
                         entry.argument);
}

} // namespace

void end_current_thread(int status) {
  Task& task = current_task();
  if (task.thread->id == process_id) {
    main_status.store(static_cast<std::uint8_t>(status), std::memory_order_relaxed);
  }
  settle_task(task);
  if (application_thread_count() == 1) {
    end_process(main_status.load(std::memory_order_relaxed));
  }
  forget_task(task);
  kernel::exit_thread();
}

Result<long> sys_exit(int status) {
  trace_last_call({SYS_exit, {static_cast<std::uint32_t>(status)}});
  end_current_thread(status);
}

Result<long> sys_set_tid_address(UserPointer<int> address) {
  current_task().clear_on_exit = address;
  return kernel::current_thread().id;
}

Result<long> sys_set_robust_list(UserPointer<std::uint64_t> head, std::size_t size) {
  if (size != 3 * sizeof(std::uint64_t)) {
    return fail(std::errc::invalid_argument);
  }
  current_task().robust_list = head;
  return 0;
}

Result<long> sys_get_robust_list(int thread, UserPointer<std::uint64_t> head,
                                 UserPointer<std::size_t> size) {
  if (thread != 0 && find_task(thread) == nullptr) {
    return fail(std::errc::no_such_process);
  }
  if (thread != 0 && thread != kernel::current_thread().id) {
    return fail(std::errc::operation_not_permitted);
  }
  TRY(head.write(current_task().robust_list.address().value()));
  TRY(size.write(3 * sizeof(std::uint64_t)));
  return 0;
}

Result<long> clone_thread(const CloneRequest& request) {
  if ((request.flags & thread_flags) != thread_flags) {
    return fail(std::errc::function_not_supported);
  }
  if ((request.flags & ~known_flags) != 0) {
    return fail(std::errc::invalid_argument);
  }
  auto entry = TRY(mm::make_owned<Entry>());
  auto task = TRY(mm::make_owned<Task>(nullptr));
  *entry = {task.get(), request.function, request.stack, request.argument};
  const kernel::NewThread recipe{.name = kernel::current_thread().name(),
                                 .entry = enter,
                                 .argument = entry.get(),
                                 .for_application = true};
  kernel::Thread* thread = TRY(kernel::create_thread(recipe));
  (void)entry.release();
  task->thread = thread;
  if ((request.flags & CLONE_CHILD_CLEARTID) != 0) {
    task->clear_on_exit = request.child_number;
  }
  if ((request.flags & CLONE_SETTLS) != 0) {
    thread->context.thread_pointer = request.thread_pointer;
  }
  inherit_task(*task);
  thread->task = task.release();
  const int number = thread->id;
  // Both words were checked by the C library that passed them; one that cannot be written is its
  // own loss, as on Linux.
  if ((request.flags & CLONE_PARENT_SETTID) != 0 && !request.parent_number.write(number)) {
    return fail(std::errc::bad_address);
  }
  kernel::make_runnable(*thread);
  return number;
}

} // namespace skerry::posix

extern "C" long skerry_clone_call(std::uint64_t function, std::uint64_t stack, int flags,
                                  std::uint64_t argument, std::uint64_t parent_number,
                                  std::uint64_t thread_pointer, std::uint64_t child_number) {
  using namespace skerry::posix;
  if (skerry::kernel::panic_hook_runs) [[unlikely]] {
    return -EIO;
  }
  const CloneRequest request{function,
                             stack,
                             flags,
                             argument,
                             UserPointer<int>(parent_number),
                             thread_pointer,
                             UserPointer<int>(child_number)};
  const auto number = clone_thread(request);
  const long result = number ? *number : -static_cast<long>(number.error());
  const std::uint64_t words[] = {function,    stack,         static_cast<std::uint32_t>(flags),
                                 argument,    parent_number, thread_pointer,
                                 child_number};
  trace_door("clone", words, result);
  return result;
}

/// The end of a detached thread: its stack goes, then it.
extern "C" [[noreturn]] void skerry_exit_unmap_call(std::uint64_t base, std::size_t size) {
  using namespace skerry;
  const std::uint64_t words[] = {base, size};
  posix::trace_door("munmap_and_exit", words, 0);
  // What the C library mapped itself can be unmapped; if not, it is lost with the thread.
  (void)posix::sys_munmap(base, size);
  posix::end_current_thread(0);
}
