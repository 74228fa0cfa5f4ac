// SPDX-License-Identifier: Apache-2.0
// What pthread has beside threads and mutexes: names, cancellation, and the rarer primitives.
#include "descriptor.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <set>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

std::string name_of(pthread_t thread) {
  std::array<char, 16> name{};
  EXPECT_EQ(pthread_getname_np(thread, name.data(), name.size()), 0);
  return name.data();
}

TEST(ThreadName, IsSetAndReadFromAnotherThread) {
  std::atomic<bool> go_on = false;
  std::string seen;
  std::thread thread([&] {
    go_on.wait(false);
    seen = name_of(pthread_self());
  });
  EXPECT_EQ(pthread_setname_np(thread.native_handle(), "worker"), 0);
  EXPECT_EQ(name_of(thread.native_handle()), "worker");
  EXPECT_EQ(pthread_setname_np(thread.native_handle(), "one that is too long"), ERANGE);
  EXPECT_EQ(name_of(pthread_self()), "main");
  go_on = true;
  go_on.notify_all();
  thread.join();
  EXPECT_EQ(seen, "worker");
}

std::set<std::string> listed(const char* path) {
  std::set<std::string> names;
  DIR* const directory = opendir(path);
  EXPECT_NE(directory, nullptr);
  while (const dirent* entry = directory == nullptr ? nullptr : readdir(directory))
    names.insert(entry->d_name);
  if (directory != nullptr)
    closedir(directory);
  return names;
}

TEST(ThreadName, IsAFileForEachThread) {
  std::atomic<int> number = 0;
  std::atomic<bool> go_on = false;
  std::thread thread([&] {
    number = gettid();
    number.notify_all();
    go_on.wait(false);
  });
  number.wait(0);
  const std::string own = std::to_string(gettid());
  const std::string other = std::to_string(number);
  EXPECT_EQ(listed("/proc/self/task"), (std::set<std::string>{".", "..", own, other}));
  const std::string folder = "/proc/self/task/" + other;
  EXPECT_EQ(listed(folder.c_str()), (std::set<std::string>{".", "..", "comm"}));
  const Descriptor file(open((folder + "/comm").c_str(), O_RDWR | O_TRUNC));
  EXPECT_EQ(write(file, "a name of more than fifteen", 27), 27);
  char text[32] = {};
  EXPECT_EQ(pread(file, text, sizeof text, 0), 16);
  EXPECT_STREQ(text, "a name of more \n");
  go_on = true;
  go_on.notify_all();
  thread.join();
  // A thread that is joined has ended, but for its last steps in the kernel.
  while (access(folder.c_str(), F_OK) == 0)
    std::this_thread::yield();
  EXPECT_EQ(pread(file, text, sizeof text, 0), -1);
  EXPECT_EQ(errno, ESRCH);
}

/// A thread that says when it is about to do what it is cancelled in.
class Cancelled {
public:
  explicit Cancelled(void (*work)()) : work_(work) {
    EXPECT_EQ(pthread_create(&thread_, nullptr, run, this), 0);
    is_there_.wait(false);
  }
  /// Cancels and joins; returns whether the thread has ended by that.
  bool cancel() {
    EXPECT_EQ(pthread_cancel(thread_), 0);
    void* result = nullptr;
    EXPECT_EQ(pthread_join(thread_, &result), 0);
    return result == PTHREAD_CANCELED;
  }
  static inline std::atomic<int> cleanups = 0;

private:
  static void* run(void* self) {
    auto& cancelled = *static_cast<Cancelled*>(self);
    pthread_cleanup_push([](void*) { ++cleanups; }, nullptr);
    cancelled.is_there_ = true;
    cancelled.is_there_.notify_all();
    cancelled.work_();
    pthread_cleanup_pop(0);
    return nullptr;
  }

  void (*work_)();
  pthread_t thread_{};
  std::atomic<bool> is_there_ = false;
};

class PthreadCancel : public testing::Test {
protected:
  PthreadCancel() { Cancelled::cleanups = 0; }
};

TEST_F(PthreadCancel, RunsCleanupHandlers) {
  EXPECT_TRUE(Cancelled([] {
                for (;;)
                  pause();
              }).cancel());
  EXPECT_EQ(Cancelled::cleanups, 1);
}

int ends[2];

TEST_F(PthreadCancel, EndsAReadThatWaits) {
  ASSERT_EQ(pipe(ends), 0);
  EXPECT_TRUE(Cancelled([] {
                char byte = 0;
                (void)!read(ends[0], &byte, 1);
              }).cancel());
  EXPECT_EQ(Cancelled::cleanups, 1);
  close(ends[0]);
  close(ends[1]);
}

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t never = PTHREAD_COND_INITIALIZER;

TEST_F(PthreadCancel, EndsAWaitForAConditionWithTheMutexHeld) {
  EXPECT_TRUE(Cancelled([] {
                pthread_mutex_lock(&mutex);
                pthread_cleanup_push([](void*) { pthread_mutex_unlock(&mutex); }, nullptr);
                for (;;)
                  pthread_cond_wait(&never, &mutex);
                pthread_cleanup_pop(0);
              }).cancel());
  EXPECT_EQ(pthread_mutex_trylock(&mutex), 0) << "its handler has unlocked it";
  pthread_mutex_unlock(&mutex);
}

std::atomic<bool> was_requested = false;

TEST_F(PthreadCancel, WaitsWhileItIsDisabled) {
  was_requested = false;
  static std::atomic<bool> went_on = false;
  Cancelled thread([] {
    int old = 0;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
    was_requested.wait(false);
    pthread_testcancel();
    went_on = true;
    pthread_setcancelstate(old, nullptr);
    pthread_testcancel();
  });
  // The request may come before the thread has disabled it, but there is no cancellation point.
  std::thread teller([] {
    was_requested = true;
    was_requested.notify_all();
  });
  EXPECT_TRUE(thread.cancel());
  teller.join();
  EXPECT_TRUE(went_on);
  EXPECT_EQ(Cancelled::cleanups, 1);
}

TEST_F(PthreadCancel, EndsAThreadThatMakesNoCallWhenAsynchronous) {
  EXPECT_TRUE(Cancelled([] {
                pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, nullptr);
                for (;;)
                  asm volatile("pause");
              }).cancel());
}

TEST(ReadWriteLock, LetsManyReadAndOneWrite) {
  pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
  ASSERT_EQ(pthread_rwlock_rdlock(&lock), 0);
  EXPECT_EQ(pthread_rwlock_tryrdlock(&lock), 0);
  EXPECT_EQ(pthread_rwlock_trywrlock(&lock), EBUSY);
  std::atomic<bool> wrote = false;
  std::thread writer([&] {
    EXPECT_EQ(pthread_rwlock_wrlock(&lock), 0);
    wrote = true;
    EXPECT_EQ(pthread_rwlock_unlock(&lock), 0);
  });
  std::this_thread::yield();
  EXPECT_FALSE(wrote);
  EXPECT_EQ(pthread_rwlock_unlock(&lock), 0);
  EXPECT_EQ(pthread_rwlock_unlock(&lock), 0);
  writer.join();
  EXPECT_TRUE(wrote);
}

TEST(PthreadBarrier, LetsAllGoAtOnceAgainAndAgain) {
  constexpr unsigned count = 3;
  constexpr int rounds = 20;
  pthread_barrier_t barrier;
  ASSERT_EQ(pthread_barrier_init(&barrier, nullptr, count), 0);
  std::atomic<int> arrived = 0;
  std::atomic<int> serial = 0;
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < count; ++i) {
    threads.emplace_back([&] {
      for (int round = 1; round <= rounds; ++round) {
        ++arrived;
        serial += pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD ? 1 : 0;
        EXPECT_GE(arrived, static_cast<int>(count) * round);
      }
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(serial, rounds);
  EXPECT_EQ(pthread_barrier_destroy(&barrier), 0);
}

std::atomic<int> once_runs = 0;

TEST(PthreadOnce, RunsOnceAndLetsTheOthersWait) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      EXPECT_EQ(pthread_once(&once,
                             [] {
                               std::this_thread::yield();
                               ++once_runs;
                             }),
                0);
      EXPECT_EQ(once_runs, 1);
    });
  }
  for (std::thread& thread : threads)
    thread.join();
}

TEST(PthreadKey, HasAValueForEachThreadAndADestructor) {
  static std::atomic<int> destroyed = 0;
  pthread_key_t key{};
  ASSERT_EQ(pthread_key_create(&key, [](void* value) { destroyed += *static_cast<int*>(value); }),
            0);
  int own = 100;
  ASSERT_EQ(pthread_setspecific(key, &own), 0);
  int theirs = 7;
  std::thread([&] {
    EXPECT_EQ(pthread_getspecific(key), nullptr);
    EXPECT_EQ(pthread_setspecific(key, &theirs), 0);
  }).join();
  EXPECT_EQ(destroyed, 7);
  EXPECT_EQ(pthread_getspecific(key), &own);
  EXPECT_EQ(pthread_key_delete(key), 0);
}

TEST(PthreadSpin, KeepsOthersOut) {
  pthread_spinlock_t lock;
  ASSERT_EQ(pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE), 0);
  EXPECT_EQ(pthread_spin_lock(&lock), 0);
  EXPECT_EQ(pthread_spin_trylock(&lock), EBUSY);
  std::atomic<bool> entered = false;
  std::thread other([&] { // spins without a call until it is preempted
    EXPECT_EQ(pthread_spin_lock(&lock), 0);
    entered = true;
    EXPECT_EQ(pthread_spin_unlock(&lock), 0);
  });
  std::this_thread::yield();
  EXPECT_FALSE(entered);
  EXPECT_EQ(pthread_spin_unlock(&lock), 0);
  other.join();
  EXPECT_TRUE(entered);
  EXPECT_EQ(pthread_spin_destroy(&lock), 0);
}

} // namespace
