// SPDX-License-Identifier: Apache-2.0
// futex(2) beyond plain waiting and waking, and mutexes that are robust, inherit priority or both.
#include "system_call.hpp"

#include <atomic>
#include <cstdint>
#include <ctime>
#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace skerry::test {
namespace {

using Word = std::atomic<std::uint32_t>;

enum Operation : int { // linux/futex.h
  wait = 0,
  requeue = 3,
  compare_requeue = 4,
  wake_operation = 5,
  wait_bitset = 9,
  wake_bitset = 10,
};

constexpr std::uint32_t waiters_bit = 0x8000'0000;

/// `second` is a timeout or a count.
Answer futex(Word& word, Operation operation, std::uint32_t value, std::uintptr_t second = 0,
             Word* other = nullptr, std::uint32_t third = 0) {
  return answer_of(
      [&] { return ::syscall(SYS_futex, &word, operation | 128, value, second, other, third); });
}

/// Repeats a call that wakes or moves until it has found that many waiters, which may be on their
/// way yet.
template <class Call> void until_found(long count, Call call) {
  while (count > 0) {
    const Answer answer = call();
    ASSERT_GE(answer.value, 0) << answer;
    count -= answer.value;
    std::this_thread::yield();
  }
  EXPECT_EQ(count, 0);
}

TEST(FutexBitset, WakesWhoWaitsForOneOfTheBits) {
  Word word = 0;
  std::atomic<int> woken = 0;
  const auto wait_for = [&](std::uint32_t bits) {
    return std::thread([&, bits] {
      EXPECT_EQ(futex(word, wait_bitset, 0, 0, nullptr, bits), (Answer{0, 0}));
      ++woken;
    });
  };
  std::thread first = wait_for(0b0011);
  std::thread second = wait_for(0b0100);
  until_found(1, [&] { return futex(word, wake_bitset, 9, 0, nullptr, 0b0100); });
  second.join();
  EXPECT_EQ(woken, 1);
  EXPECT_EQ(futex(word, wake_bitset, 9, 0, nullptr, 0b1000), (Answer{0, 0}));
  until_found(1, [&] { return futex(word, wake_bitset, 9, 0, nullptr, 0b1010); });
  first.join();
  EXPECT_EQ(futex(word, wait_bitset, 0, 0, nullptr, 0), refusal(EINVAL));
  EXPECT_EQ(futex(word, wake_bitset, 1, 0, nullptr, 0), refusal(EINVAL));
  EXPECT_EQ(futex(word, wait_bitset, 1, 0, nullptr, 1), refusal(EAGAIN));
}

TEST(FutexBitset, WaitsUntilAPointInTime) {
  Word word = 0;
  timespec passed{};
  ASSERT_EQ(::clock_gettime(CLOCK_MONOTONIC, &passed), 0);
  EXPECT_EQ(futex(word, wait_bitset, 0, reinterpret_cast<std::uintptr_t>(&passed), nullptr, 1),
            refusal(ETIMEDOUT));
}

TEST(FutexRequeue, MovesWaitersWithoutWakingThem) {
  Word from = 1;
  Word to = 1;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i)
    threads.emplace_back([&] { EXPECT_EQ(futex(from, wait, 1), (Answer{0, 0})); });
  EXPECT_EQ(futex(from, compare_requeue, 0, 9, &to, 2), refusal(EAGAIN)) << "the word is 1";
  until_found(3, [&] { return futex(from, compare_requeue, 0, 9, &to, 1); });
  EXPECT_EQ(futex(from, compare_requeue, 9, 9, &to, 1), (Answer{0, 0}));
  EXPECT_EQ(futex(to, compare_requeue, 1, 1, &from, 1), (Answer{2, 0})) << "one woken, one moved";
  EXPECT_EQ(futex(to, requeue, 9, 9, &from), (Answer{1, 0}));
  EXPECT_EQ(futex(from, requeue, 9, 9, &to), (Answer{1, 0}));
  for (std::thread& thread : threads)
    thread.join();
}

enum Change : std::uint32_t { set, add, bit_or, and_not, bit_xor };
enum Comparison : std::uint32_t { equal, not_equal, less, less_equal, greater, greater_equal };

/// FUTEX_OP of linux/futex.h.
constexpr std::uint32_t code(Change change, int operand, Comparison comparison, int comparand,
                             bool is_shift = false) {
  return (is_shift ? 0x8000'0000 : 0) | change << 28 | comparison << 24 |
         (static_cast<std::uint32_t>(operand) & 0xfff) << 12 |
         (static_cast<std::uint32_t>(comparand) & 0xfff);
}

TEST(FutexWakeOperation, ChangesTheSecondWord) {
  struct Case {
    std::uint32_t operation;
    std::uint32_t before;
    std::uint32_t after;
  };
  const Case cases[] = {
      {code(set, 7, equal, 0), 1, 7},     {code(set, -1, equal, 0), 1, 0xffff'ffff},
      {code(add, 5, equal, 0), 1, 6},     {code(add, -2, equal, 0), 1, 0xffff'ffff},
      {code(bit_or, 6, equal, 0), 1, 7},  {code(and_not, 6, equal, 0), 7, 1},
      {code(bit_xor, 6, equal, 0), 3, 5}, {code(bit_or, 31, equal, 0, true), 1, 0x8000'0001},
  };
  for (const auto& [operation, before, after] : cases) {
    Word first = 0;
    Word second = before;
    EXPECT_EQ(futex(first, wake_operation, 1, 1, &second, operation), (Answer{0, 0}));
    EXPECT_EQ(second, after) << std::hex << operation;
  }
  Word word = 0;
  EXPECT_EQ(futex(word, wake_operation, 1, 1, &word, 5U << 28), refusal(ENOSYS));
}

TEST(FutexWakeOperation, WakesAtTheSecondWordWhenItsOldValueCompares) {
  Word elsewhere = 0;
  Word first = 0;
  Word second = static_cast<std::uint32_t>(-3);
  for (const auto& [comparison, smaller, same, larger] :
       {std::tuple(equal, false, true, false), std::tuple(not_equal, true, false, true),
        std::tuple(less, false, false, true), std::tuple(less_equal, false, true, true),
        std::tuple(greater, true, false, false), std::tuple(greater_equal, true, true, false)}) {
    for (const auto& [comparand, holds] :
         {std::pair(-4, smaller), std::pair(-3, same), std::pair(2, larger)}) {
      std::thread waiter([&] { EXPECT_EQ(futex(elsewhere, wait, 0), (Answer{0, 0})); });
      until_found(1, [&] { return futex(elsewhere, requeue, 0, 1, &second); }); // it sleeps
      const std::uint32_t operation = code(add, 0, comparison, comparand);
      EXPECT_EQ(futex(first, wake_operation, 1, 1, &second, operation), (Answer{holds ? 1 : 0, 0}))
          << comparison << ' ' << comparand;
      if (!holds) {
        EXPECT_EQ(futex(second, wake_bitset, 1, 0, nullptr, 1), (Answer{1, 0}));
      }
      waiter.join();
    }
  }
}

/// A mutex of the kinds that are asked for.
class Mutex {
public:
  Mutex(int robust, int protocol) {
    pthread_mutexattr_t attributes;
    EXPECT_EQ(pthread_mutexattr_init(&attributes), 0);
    EXPECT_EQ(pthread_mutexattr_setrobust(&attributes, robust), 0);
    EXPECT_EQ(pthread_mutexattr_setprotocol(&attributes, protocol), 0);
    EXPECT_EQ(pthread_mutex_init(&mutex_, &attributes), 0);
  }
  operator pthread_mutex_t*() { return &mutex_; }
  /// musl's lock word is the second of the mutex.
  void wait_for_waiter() {
    const auto* word = reinterpret_cast<const std::uint32_t*>(&mutex_) + 1;
    while ((__atomic_load_n(word, __ATOMIC_SEQ_CST) & waiters_bit) == 0)
      std::this_thread::yield();
  }

private:
  pthread_mutex_t mutex_;
};

TEST(RobustInheritingMutex, TellsThatItsOwnerDied) {
  Mutex mutex(PTHREAD_MUTEX_ROBUST, PTHREAD_PRIO_INHERIT);
  std::thread([&] { EXPECT_EQ(pthread_mutex_lock(mutex), 0); }).join();
  EXPECT_EQ(pthread_mutex_lock(mutex), EOWNERDEAD);
  EXPECT_EQ(pthread_mutex_consistent(mutex), 0);
  EXPECT_EQ(pthread_mutex_unlock(mutex), 0);
  EXPECT_EQ(pthread_mutex_lock(mutex), 0);
  EXPECT_EQ(pthread_mutex_unlock(mutex), 0);
}

TEST(RobustInheritingMutex, IsHandedToWhoWaitsWhenItsOwnerDies) {
  Mutex mutex(PTHREAD_MUTEX_ROBUST, PTHREAD_PRIO_INHERIT);
  std::atomic<bool> is_locked = false;
  std::thread owner([&] {
    EXPECT_EQ(pthread_mutex_lock(mutex), 0);
    is_locked = true;
    is_locked.notify_all();
    mutex.wait_for_waiter();
  });
  is_locked.wait(false);
  EXPECT_EQ(pthread_mutex_lock(mutex), EOWNERDEAD);
  EXPECT_EQ(pthread_mutex_unlock(mutex), 0);
  EXPECT_EQ(pthread_mutex_lock(mutex), ENOTRECOVERABLE) << "nobody made it consistent";
  owner.join();
}

TEST(InheritingMutex, IsWaitedForNoLongerThanItsLimit) {
  Mutex mutex(PTHREAD_MUTEX_STALLED, PTHREAD_PRIO_INHERIT);
  ASSERT_EQ(pthread_mutex_lock(mutex), 0);
  std::thread([&] {
    timespec soon{};
    EXPECT_EQ(::clock_gettime(CLOCK_REALTIME, &soon), 0);
    soon.tv_nsec += 3'000'000;
    soon.tv_sec += soon.tv_nsec / 1'000'000'000;
    soon.tv_nsec %= 1'000'000'000;
    EXPECT_EQ(pthread_mutex_timedlock(mutex, &soon), ETIMEDOUT);
    EXPECT_EQ(pthread_mutex_trylock(mutex), EBUSY);
  }).join();
  EXPECT_EQ(pthread_mutex_unlock(mutex), 0);
  std::thread([&] {
    EXPECT_EQ(pthread_mutex_lock(mutex), 0);
    EXPECT_EQ(pthread_mutex_unlock(mutex), 0);
  }).join();
}

} // namespace
} // namespace skerry::test
