// SPDX-License-Identifier: Apache-2.0
// Waiting queues by address. Each waiter sleeps on a queue of its own, so that one wake touches one
// thread; buckets keep the search short.
#include "src/posix/futex.hpp"

#include "src/posix/futex_buckets.hpp"

#include <kernel/wait_queue.hpp>

namespace skerry::posix {
namespace {

constinit FutexBuckets buckets;

bool is_aligned_word(UserPointer<FutexWord> word) {
  return is_aligned(word.address().value(), sizeof(FutexWord));
}

/// Fails unless the word still is `expected`. Reads before the lock so that a page on demand is
/// there when it is read again under it.
Result<> expect(UserPointer<FutexWord> word, FutexWord expected) {
  if (TRY(word.read()) != expected) {
    return fail(std::errc::resource_unavailable_try_again);
  }
  return {};
}

Result<> sleep(FutexWaiter& waiter, Instant deadline) {
  const auto result = waiter.queue.wait_until([&] { return waiter.woken; }, deadline);
  const auto bucket = buckets.bucket_of(waiter.key).lock();
  if (waiter.woken) {
    return {};
  }
  waiter.unlink();
  return fail(result == kernel::WaitResult::timeout ? std::errc::timed_out
                                                    : std::errc::interrupted);
}

} // namespace

FutexBuckets& futex_buckets() {
  return buckets;
}

Result<> futex_wait(UserPointer<FutexWord> word, FutexWord expected, std::uint32_t bits,
                    Instant deadline) {
  if (!is_aligned_word(word) || bits == 0) {
    return fail(std::errc::invalid_argument);
  }
  TRY(expect(word, expected));
  FutexWaiter waiter(word.address(), bits);
  {
    const auto bucket = buckets.bucket_of(waiter.key).lock();
    TRY(expect(word, expected));
    bucket->push_back(waiter);
  }
  return sleep(waiter, deadline);
}

Result<std::size_t> futex_wake(UserPointer<FutexWord> word, std::size_t count, std::uint32_t bits) {
  if (!is_aligned_word(word) || bits == 0) {
    return fail(std::errc::invalid_argument);
  }
  const auto bucket = buckets.bucket_of(word.address()).lock();
  return wake_waiters(*bucket, word.address(), count, bits);
}

Result<std::size_t> futex_requeue(UserPointer<FutexWord> word, std::size_t wake_count,
                                  std::size_t move_count, UserPointer<FutexWord> target,
                                  const FutexWord* expected) {
  if (!is_aligned_word(word) || !is_aligned_word(target)) {
    return fail(std::errc::invalid_argument);
  }
  if (expected != nullptr) {
    TRY(expect(word, *expected));
  }
  FutexList moved;
  std::size_t done = 0;
  {
    const auto bucket = buckets.bucket_of(word.address()).lock();
    done = wake_waiters(*bucket, word.address(), wake_count, any_bit);
    done += take_waiters(*bucket, word.address(), move_count, target.address(), moved);
  }
  const auto bucket = buckets.bucket_of(target.address()).lock();
  while (FutexWaiter* waiter = moved.pop_front()) {
    bucket->push_back(*waiter);
  }
  return done;
}

} // namespace skerry::posix
