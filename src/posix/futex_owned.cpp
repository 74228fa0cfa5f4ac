// SPDX-License-Identifier: Apache-2.0
// Futexes whose word names an owner: priority-inheriting mutexes and those of dead threads. All
// threads have one priority here, so inheriting one is a matter of the protocol alone: the word is
// handed to the longest waiter.
#include "src/posix/futex.hpp"
#include "src/posix/futex_abi.hpp"
#include "src/posix/futex_buckets.hpp"

#include <hal/clock.hpp>

namespace skerry::posix {
namespace {

FutexWord own_number() {
  return static_cast<FutexWord>(kernel::current_thread().id);
}

struct Search {
  FutexWord number;
  bool found = false;
};

bool thread_exists(FutexWord number) {
  Search search{number};
  kernel::for_each_thread(
      [](kernel::Thread& thread, void* context) {
        auto& wanted = *static_cast<Search*>(context);
        wanted.found = wanted.found || static_cast<FutexWord>(thread.id) == wanted.number;
      },
      &search);
  return search.found;
}

/// Takes the word when nobody has it. The bucket is locked, and on one CPU nobody else runs.
Result<bool> try_take(UserPointer<FutexWord> word) {
  const FutexWord value = TRY(word.read());
  if ((value & futex_abi::owner_mask) == own_number()) {
    return fail(std::errc::resource_deadlock_would_occur);
  }
  if ((value & futex_abi::owner_mask) == 0) {
    TRY(word.write(own_number() | (value & (futex_abi::waiters | futex_abi::owner_died))));
    return true;
  }
  if (!thread_exists(value & futex_abi::owner_mask)) {
    return fail(std::errc::no_such_process);
  }
  return false;
}

FutexWaiter* first_waiter(FutexList& bucket, mm::VirtualAddress key) {
  for (FutexWaiter& waiter : bucket) {
    if (waiter.key == key) {
      return &waiter;
    }
  }
  return nullptr;
}

/// Gives the word to the longest waiter, or to nobody. The bucket is locked.
Result<> hand_on(FutexList& bucket, UserPointer<FutexWord> word, FutexWord extra) {
  FutexWaiter* waiter = first_waiter(bucket, word.address());
  if (waiter == nullptr) {
    return word.write(extra);
  }
  waiter->unlink();
  const FutexWord more = first_waiter(bucket, word.address()) != nullptr ? futex_abi::waiters : 0;
  TRY(word.write(static_cast<FutexWord>(waiter->thread->id) | more | extra));
  waiter->woken = true;
  waiter->queue.wake();
  return {};
}

} // namespace

Result<> futex_lock_pi(UserPointer<FutexWord> word, Instant deadline, bool only_try) {
  TRY(word.read());
  FutexWaiter waiter(word.address(), any_bit);
  auto& bucket = futex_buckets().bucket_of(waiter.key);
  {
    const auto list = bucket.lock();
    if (TRY(try_take(word))) {
      return {};
    }
    if (only_try) {
      return fail(std::errc::resource_unavailable_try_again);
    }
    TRY(word.write(TRY(word.read()) | futex_abi::waiters));
    list->push_back(waiter);
  }
  const auto result = waiter.queue.wait_until([&] { return waiter.woken; }, deadline);
  const auto list = bucket.lock();
  if (waiter.woken) {
    return {};
  }
  waiter.unlink();
  return fail(result == kernel::WaitResult::timeout ? std::errc::timed_out
                                                    : std::errc::interrupted);
}

Result<> futex_unlock_pi(UserPointer<FutexWord> word) {
  TRY(word.read());
  const auto list = futex_buckets().bucket_of(word.address()).lock();
  if ((TRY(word.read()) & futex_abi::owner_mask) != own_number()) {
    return fail(std::errc::operation_not_permitted);
  }
  return hand_on(*list, word, 0);
}

void futex_owner_died(UserPointer<FutexWord> word, bool priority_inheriting) {
  const auto value = word.read();
  if (!value || (*value & futex_abi::owner_mask) != own_number()) {
    return;
  }
  const auto list = futex_buckets().bucket_of(word.address()).lock();
  if (priority_inheriting) {
    (void)hand_on(*list, word, futex_abi::owner_died);
    return;
  }
  if (word.write((*value & futex_abi::waiters) | futex_abi::owner_died)) {
    wake_waiters(*list, word.address(), 1, any_bit);
  }
}

} // namespace skerry::posix
