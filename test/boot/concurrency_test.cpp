// SPDX-License-Identifier: Apache-2.0
// What the C++ library has for threads since C++20, and coroutines.
#include <atomic>
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <coroutine>
#include <exception>
#include <future>
#include <gtest/gtest.h>
#include <latch>
#include <memory>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <stdexcept>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono_literals;

TEST(Jthread, IsToldToStopAndJoined) {
  std::atomic<bool> has_stopped = false;
  {
    const std::jthread thread([&](const std::stop_token& stop) {
      while (!stop.stop_requested())
        std::this_thread::yield();
      has_stopped = true;
    });
  }
  EXPECT_TRUE(has_stopped);
}

TEST(StopToken, CallsBackAndEndsAWait) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::atomic<int> calls = 0;
  std::jthread thread([&](const std::stop_token& stop) {
    const std::stop_callback count(stop, [&] { ++calls; });
    std::unique_lock lock(mutex);
    EXPECT_FALSE(never.wait(lock, stop, [] { return false; }));
  });
  EXPECT_TRUE(thread.request_stop());
  thread.join();
  EXPECT_EQ(calls, 1);
  EXPECT_FALSE(thread.request_stop());
}

TEST(Latch, OpensWhenAllHaveCome) {
  constexpr int count = 4;
  std::latch latch(count);
  std::atomic<int> come = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < count; ++i) {
    threads.emplace_back([&] {
      ++come;
      latch.arrive_and_wait();
      EXPECT_EQ(come, count);
    });
  }
  latch.wait();
  EXPECT_TRUE(latch.try_wait());
}

TEST(Barrier, RunsItsCompletionOnceARound) {
  constexpr int count = 3;
  constexpr int rounds = 50;
  int completed = 0; // written while all others wait
  std::barrier barrier(count, [&]() noexcept { ++completed; });
  std::vector<std::jthread> threads;
  for (int i = 0; i < count; ++i) {
    threads.emplace_back([&] {
      for (int round = 1; round <= rounds; ++round) {
        barrier.arrive_and_wait();
        EXPECT_GE(completed, round);
      }
    });
  }
  threads.clear();
  EXPECT_EQ(completed, rounds);
}

TEST(Semaphore, HandsItsUnitsOut) {
  std::counting_semaphore<3> units(0);
  std::atomic<int> taken = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 5; ++i) {
    threads.emplace_back([&] {
      units.acquire();
      ++taken;
    });
  }
  units.release(3);
  while (taken != 3)
    std::this_thread::yield();
  EXPECT_FALSE(units.try_acquire());
  EXPECT_FALSE(units.try_acquire_for(1ms));
  units.release(2);
  threads.clear();
  EXPECT_EQ(taken, 5);
}

TEST(SharedMutex, LetsReadersInTogether) {
  std::shared_mutex mutex;
  std::latch inside(2);
  std::jthread first([&] {
    const std::shared_lock lock(mutex);
    inside.arrive_and_wait();
  });
  std::jthread second([&] {
    const std::shared_lock lock(mutex);
    inside.arrive_and_wait();
  });
  first.join();
  second.join();
  EXPECT_TRUE(mutex.try_lock());
  mutex.unlock();
}

TEST(Future, IsDeferredPromisedAndShared) {
  auto deferred = std::async(std::launch::deferred, [] { return std::this_thread::get_id(); });
  EXPECT_EQ(deferred.get(), std::this_thread::get_id());
  auto own = std::async(std::launch::async, [] { return std::this_thread::get_id(); });
  EXPECT_NE(own.get(), std::this_thread::get_id());
  std::promise<int> promise;
  const std::shared_future<int> shared = promise.get_future().share();
  auto sum = std::async(std::launch::async, [shared] { return shared.get() + 1; });
  EXPECT_EQ(shared.wait_for(0ms), std::future_status::timeout);
  promise.set_value(41);
  EXPECT_EQ(sum.get(), 42);
  std::packaged_task<int(int)> task([](int value) { return value * 2; });
  auto doubled = task.get_future();
  std::jthread(std::move(task), 21).join();
  EXPECT_EQ(doubled.get(), 42);
}

TEST(Future, TellsThatAPromiseWasBroken) {
  auto promise = std::make_unique<std::promise<int>>();
  auto future = promise->get_future();
  promise.reset();
  EXPECT_THROW((void)future.get(), std::future_error);
}

/// A coroutine that gives one number after another.
class Numbers {
public:
  struct promise_type {
    int value = 0;
    std::exception_ptr thrown;

    Numbers get_return_object() { return Numbers(Handle::from_promise(*this)); }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(int next) {
      value = next;
      return {};
    }
    void return_void() {}
    void unhandled_exception() { thrown = std::current_exception(); }
  };
  using Handle = std::coroutine_handle<promise_type>;

  explicit Numbers(Handle handle) : handle_(handle) {}
  Numbers(Numbers&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  ~Numbers() {
    if (handle_)
      handle_.destroy();
  }
  /// Runs to the next number; false at the end.
  bool next() {
    handle_.resume();
    if (handle_.promise().thrown)
      std::rethrow_exception(handle_.promise().thrown);
    return !handle_.done();
  }
  [[nodiscard]] int value() const { return handle_.promise().value; }

private:
  Handle handle_;
};

Numbers fibonacci(int limit) {
  int first = 0;
  int second = 1;
  while (first < limit) {
    co_yield first;
    second += std::exchange(first, second);
  }
}

Numbers failing() {
  co_yield 1;
  throw std::runtime_error("in a coroutine");
}

TEST(Coroutine, YieldsAndEnds) {
  std::vector<int> seen;
  for (Numbers numbers = fibonacci(30); numbers.next();)
    seen.push_back(numbers.value());
  EXPECT_EQ(seen, (std::vector{0, 1, 1, 2, 3, 5, 8, 13, 21}));
}

TEST(Coroutine, GoesOnInAnotherThreadAndThrowsThere) {
  Numbers numbers = failing();
  EXPECT_TRUE(numbers.next());
  std::jthread([&] { EXPECT_THROW(numbers.next(), std::runtime_error); }).join();
}

} // namespace
