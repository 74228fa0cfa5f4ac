// SPDX-License-Identifier: Apache-2.0
// The hash table of futex waiters.
#pragma once

#include <core/intrusive_list.hpp>
#include <kernel/locked.hpp>
#include <kernel/wait_queue.hpp>
#include <mm/address.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace skerry::posix {

/// One thread that waits on a word. Lives on its kernel stack.
struct FutexWaiter : ListNode<> {
  FutexWaiter(mm::VirtualAddress address, std::uint32_t bit_set)
      : key(address), bits(bit_set), thread(&kernel::current_thread()) {}

  mm::VirtualAddress key;
  std::uint32_t bits;
  kernel::Thread* thread;
  bool woken = false;
  kernel::WaitQueue queue;
};

using FutexList = IntrusiveList<FutexWaiter>;

/// Waiters by address, in buckets with a lock each. At most one bucket is locked at a time.
class FutexBuckets {
public:
  constexpr FutexBuckets() = default;

  [[nodiscard]] Locked<FutexList>& bucket_of(mm::VirtualAddress key) {
    // Words are four bytes apart; the multiplication spreads neighbours (Fibonacci hashing).
    return buckets_[(key.value() >> 2) * 0x9e37'79b9'7f4a'7c15 >> (64 - bucket_bits)].list;
  }

private:
  static constexpr unsigned bucket_bits = 6;
  struct Bucket {
    Locked<FutexList> list{LockRank::futex};
  };
  std::array<Bucket, std::size_t{1} << bucket_bits> buckets_{};
};

[[nodiscard]] FutexBuckets& futex_buckets();

/// Wakes up to `count` waiters on `key` whose bits meet `bits`. The bucket is locked.
std::size_t wake_waiters(FutexList& bucket, mm::VirtualAddress key, std::size_t count,
                         std::uint32_t bits);

/// Moves up to `count` waiters from `key` to the list `moved`, under the new key `target`.
std::size_t take_waiters(FutexList& bucket, mm::VirtualAddress key, std::size_t count,
                         mm::VirtualAddress target, FutexList& moved);

} // namespace skerry::posix
