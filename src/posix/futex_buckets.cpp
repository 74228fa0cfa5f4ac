// SPDX-License-Identifier: Apache-2.0
// Operations on one bucket of waiters.
#include "src/posix/futex_buckets.hpp"

namespace skerry::posix {
namespace {

/// Calls `visit` for waiters on `key` until it has said true `count` times. `visit` may unlink.
template <class Visit>
std::size_t visit_waiters(FutexList& bucket, mm::VirtualAddress key, std::size_t count,
                          Visit&& visit) {
  std::size_t done = 0;
  for (auto at = bucket.begin(); at != bucket.end() && done < count;) {
    FutexWaiter& waiter = *at;
    ++at;
    if (waiter.key == key && visit(waiter)) {
      ++done;
    }
  }
  return done;
}

} // namespace

std::size_t wake_waiters(FutexList& bucket, mm::VirtualAddress key, std::size_t count,
                         std::uint32_t bits) {
  return visit_waiters(bucket, key, count, [bits](FutexWaiter& waiter) {
    if ((waiter.bits & bits) == 0) {
      return false;
    }
    waiter.unlink();
    waiter.woken = true;
    waiter.queue.wake();
    return true;
  });
}

std::size_t take_waiters(FutexList& bucket, mm::VirtualAddress key, std::size_t count,
                         mm::VirtualAddress target, FutexList& moved) {
  return visit_waiters(bucket, key, count, [&](FutexWaiter& waiter) {
    waiter.unlink();
    waiter.key = target;
    moved.push_back(waiter);
    return true;
  });
}

} // namespace skerry::posix
