// SPDX-License-Identifier: Apache-2.0
// Threads inside an image: the C++ library's, pthread's, and those that never make a call.
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <fcntl.h>
#include <future>
#include <gtest/gtest.h>
#include <mutex>
#include <netinet/in.h>
#include <pthread.h>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using namespace std::chrono_literals;

TEST(Thread, RunsAndIsJoined) {
  int written = 0;
  std::thread thread([&] { written = 7; });
  thread.join();
  EXPECT_EQ(written, 7);
}

TEST(ConditionVariable, HandsATurnToAndFro) {
  constexpr int rounds = 500;
  std::mutex mutex;
  std::condition_variable changed;
  bool is_theirs = false;
  int taken = 0;
  std::thread thread([&] {
    for (int i = 0; i < rounds; ++i) {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return is_theirs; });
      is_theirs = false;
      ++taken;
      changed.notify_one();
    }
  });
  for (int i = 0; i < rounds; ++i) {
    std::unique_lock lock(mutex);
    is_theirs = true;
    changed.notify_one();
    changed.wait(lock, [&] { return !is_theirs; });
  }
  thread.join();
  EXPECT_EQ(taken, rounds);
}

TEST(ConditionVariable, WaitsNoLongerThanItsLimit) {
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  EXPECT_EQ(never.wait_for(lock, 5ms), std::cv_status::timeout);
}

TEST(Async, CarriesAnExceptionAcross) {
  auto result = std::async(std::launch::async, []() -> int { throw std::runtime_error("thrown"); });
  EXPECT_THROW((void)result.get(), std::runtime_error);
}

/// Keeps patterns in vector registers, x87 and both control words, and looks whether they stay.
/// Makes no call: only preemption lets another thread run.
class Spinner {
public:
  explicit Spinner(unsigned number) : number_(number) {}

  void run(const std::atomic<bool>& stop) {
    const std::uint64_t pattern = 0x1111111111111111ULL * (number_ + 1);
    const std::uint32_t mxcsr = 0x1f80U | (number_ % 4) << 13; // rounding
    const std::uint16_t x87 = static_cast<std::uint16_t>(0x037fU | (number_ % 4) << 10);
    asm volatile("ldmxcsr %0; fldcw %1" : : "m"(mxcsr), "m"(x87));
    while (!stop.load(std::memory_order_relaxed)) {
      std::uint64_t seen = 0;
      std::uint32_t seen_mxcsr = 0;
      std::uint16_t seen_x87 = 0;
      asm volatile("movq %3, %%xmm9\n\t"
                   "movq %3, %%xmm15\n\t"
                   "mov $20000, %%ecx\n"
                   "1: dec %%ecx\n\t"
                   "jnz 1b\n\t"
                   "pxor %%xmm15, %%xmm9\n\t"
                   "movq %%xmm9, %%rcx\n\t"
                   "movq %%xmm15, %0\n\t"
                   "xor %%rcx, %0\n\t"
                   "stmxcsr %1\n\t"
                   "fnstcw %2"
                   : "=&r"(seen), "=m"(seen_mxcsr), "=m"(seen_x87)
                   : "r"(pattern)
                   : "rcx", "xmm9", "xmm15");
      const bool same = seen == pattern && (seen_mxcsr & 0x6000U) == (mxcsr & 0x6000U) &&
                        (seen_x87 & 0xc00U) == (x87 & 0xc00U);
      kept_ = kept_ && same;
      rounds_.fetch_add(1, std::memory_order_relaxed);
    }
  }
  [[nodiscard]] bool kept() const { return kept_; }
  [[nodiscard]] unsigned long rounds() const { return rounds_.load(); }

private:
  unsigned number_;
  bool kept_ = true;
  std::atomic<unsigned long> rounds_ = 0;
};

TEST(Preemption, LetsThreadsThatMakeNoCallProgressWithTheirRegisters) {
  std::atomic<bool> stop = false;
  std::array<Spinner, 3> spinners{Spinner(0), Spinner(1), Spinner(2)};
  std::vector<std::thread> threads;
  for (Spinner& spinner : spinners) {
    threads.emplace_back([&] { spinner.run(stop); });
  }
  for (const Spinner& spinner : spinners) {
    while (spinner.rounds() < 20) {
      std::this_thread::sleep_for(1ms);
    }
  }
  stop = true;
  for (std::thread& thread : threads) {
    thread.join();
  }
  for (const Spinner& spinner : spinners) {
    EXPECT_TRUE(spinner.kept());
  }
}

TEST(Thread, HasItsOwnThreadLocals) {
  thread_local int value = 1;
  value = 2;
  int seen = 0;
  std::thread([&] { seen = value; }).join();
  EXPECT_EQ(seen, 1);
  EXPECT_EQ(value, 2);
}

/// Runs `work` in a thread whose stack has 2 KiB, and returns what it returned.
void* run_on_small_stack(void* (*work)(void*)) {
  pthread_attr_t attributes;
  EXPECT_EQ(pthread_attr_init(&attributes), 0);
  EXPECT_EQ(pthread_attr_setstacksize(&attributes, 2048), 0);
  pthread_t thread{};
  EXPECT_EQ(pthread_create(&thread, &attributes, work, nullptr), 0);
  void* result = nullptr;
  EXPECT_EQ(pthread_join(thread, &result), 0);
  return result;
}

/// Writes a file and reads it back. The result is not null when that went well.
void* use_files(void*) {
  const int file = open("/tmp/small-stack", O_CREAT | O_RDWR, 0600);
  char byte = 'a';
  const bool is_good = write(file, &byte, 1) == 1 && lseek(file, 0, SEEK_SET) == 0 &&
                       read(file, &byte, 1) == 1 && unlink("/tmp/small-stack") == 0;
  close(file);
  return is_good && byte == 'a' ? &errno : nullptr;
}

/// Sends a datagram to itself, and a byte through a connection.
void* use_network(void*) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  const int datagrams = socket(AF_INET, SOCK_DGRAM, 0);
  char byte = 'a';
  bool is_good =
      bind(datagrams, generic, size) == 0 && getsockname(datagrams, generic, &size) == 0 &&
      sendto(datagrams, &byte, 1, 0, generic, size) == 1 && recv(datagrams, &byte, 1, 0) == 1;
  close(datagrams);
  address.sin_port = 0;
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  const int client = socket(AF_INET, SOCK_STREAM, 0);
  is_good = is_good && bind(listener, generic, size) == 0 && listen(listener, 1) == 0 &&
            getsockname(listener, generic, &size) == 0 && connect(client, generic, size) == 0;
  const int server = accept(listener, nullptr, nullptr);
  is_good = is_good && write(client, &byte, 1) == 1 && read(server, &byte, 1) == 1;
  close(server);
  close(client);
  close(listener);
  return is_good && byte == 'a' ? &errno : nullptr;
}

TEST(Thread, UsesFilesOnAStackOfTwoKibibytes) {
  EXPECT_NE(run_on_small_stack(use_files), nullptr);
}

TEST(Thread, UsesTheNetworkOnAStackOfTwoKibibytes) {
  EXPECT_NE(run_on_small_stack(use_network), nullptr);
}

TEST(Thread, ExistsAThousandTimesAtOnce) {
  constexpr int count = 1000;
  std::atomic<int> running = 0;
  std::atomic<bool> go_on = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) {
    threads.emplace_back([&] {
      ++running;
      go_on.wait(false);
    });
  }
  while (running < count) {
    std::this_thread::sleep_for(1ms);
  }
  go_on = true;
  go_on.notify_all();
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(running, count);
}

TEST(Cancellation, EndsAThreadThatSleeps) {
  pthread_t thread{};
  ASSERT_EQ(pthread_create(
                &thread, nullptr,
                [](void*) -> void* {
                  for (;;) {
                    ::pause();
                  }
                },
                nullptr),
            0);
  ASSERT_EQ(pthread_cancel(thread), 0);
  void* result = nullptr;
  ASSERT_EQ(pthread_join(thread, &result), 0);
  EXPECT_EQ(result, PTHREAD_CANCELED);
}

TEST(RobustMutex, TellsThatItsOwnerDied) {
  pthread_mutexattr_t attributes;
  ASSERT_EQ(pthread_mutexattr_init(&attributes), 0);
  ASSERT_EQ(pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST), 0);
  pthread_mutex_t mutex;
  ASSERT_EQ(pthread_mutex_init(&mutex, &attributes), 0);
  std::thread([&] { EXPECT_EQ(pthread_mutex_lock(&mutex), 0); }).join();
  EXPECT_EQ(pthread_mutex_lock(&mutex), EOWNERDEAD);
  EXPECT_EQ(pthread_mutex_consistent(&mutex), 0);
  EXPECT_EQ(pthread_mutex_unlock(&mutex), 0);
}

TEST(InheritingMutex, IsHandedFromThreadToThread) {
  pthread_mutexattr_t attributes;
  ASSERT_EQ(pthread_mutexattr_init(&attributes), 0);
  ASSERT_EQ(pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT), 0);
  pthread_mutex_t mutex;
  ASSERT_EQ(pthread_mutex_init(&mutex, &attributes), 0);
  int sum = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 50; ++round) {
        ASSERT_EQ(pthread_mutex_lock(&mutex), 0);
        const int before = sum;
        std::this_thread::yield();
        sum = before + 1;
        ASSERT_EQ(pthread_mutex_unlock(&mutex), 0);
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(sum, 200);
}

} // namespace
