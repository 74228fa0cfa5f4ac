// SPDX-License-Identifier: Apache-2.0
// Two CPUs at work in the lock domains of the services: signals, timers, readiness, pages of files,
// the working directory, and futexes that somebody waits on.
#include "../mm/world.hpp"
#include "platform/hosted/cpu.hpp"
#include "src/fs/regular_node.hpp"
#include "src/posix/epoll.hpp"
#include "src/posix/futex_buckets.hpp"
#include "src/posix/paths.hpp"
#include "src/posix/signals.hpp"
#include "src/posix/task.hpp"
#include "src/posix/timer_calls.hpp"
#include "src/posix/timers.hpp"

#include <fs/tree.hpp>
#include <hal/cpu.hpp>
#include <hal/per_cpu.hpp>

#include <array>
#include <atomic>
#include <csignal>
#include <ctime>
#include <gtest/gtest.h>
#include <poll.h>
#include <random>
#include <sys/epoll.h>
#include <vector>

namespace skerry::posix {
namespace {

constexpr unsigned cpus = 2;
constexpr int rounds = 3000;

/// Each CPU runs one thread of the application.
class ServiceDomains : public testing::Test {
protected:
  mm::test::World& world = mm::test::World::get();

  template <class Work> void run(Work&& work) {
    hosted::run_on_cpus(cpus, [&](unsigned number) {
      hal::this_cpu().current = &threads[number];
      threads[number].task = &tasks[number];
      work(number);
    });
  }

  std::array<kernel::Thread, cpus> threads;
  std::array<Task, cpus> tasks{Task(&threads[0]), Task(&threads[1])};
};

TEST_F(ServiceDomains, SignalsAreTakenOnceEach) {
  constexpr int signal = 40; // a real-time one: each is queued
  const SignalSet wanted(std::uint64_t{1} << (signal - 1));
  std::atomic<int> sent = 0;
  std::atomic<int> taken = 0;
  const auto take_all = [&] {
    siginfo_t info{};
    while (take_signal(wanted, info)) {
      EXPECT_EQ(info.si_signo, signal);
      ++taken;
    }
  };
  run([&](unsigned number) {
    std::minstd_rand random(number + 1);
    set_blocked(wanted);
    for (int round = 0; round < rounds; ++round) {
      const siginfo_t info = make_info(signal, SI_QUEUE);
      const Result<> done =
          random() % 2 == 0 ? send_to_process(info) : send_to_task(tasks[random() % cpus], info);
      ASSERT_TRUE(done.has_value());
      ++sent;
      if (random() % 4 == 0) {
        take_all();
      }
      const SignalAction action{.mask = random()};
      (void)exchange_action(static_cast<int>(1 + random() % 30), &action);
      (void)pending_signals();
    }
  });
  for (unsigned number = 0; number < cpus; ++number) {
    hal::this_cpu().current = &threads[number];
    threads[number].task = &tasks[number];
    take_all();
  }
  hal::this_cpu().current = nullptr;
  EXPECT_EQ(sent, static_cast<int>(cpus) * rounds);
  EXPECT_EQ(taken, sent);
}

/// Errors: as timer_create(2)
Result<int> make_timer() {
  int id = -1;
  const auto address = reinterpret_cast<std::uintptr_t>(&id);
  TRY(sys_timer_create(CLOCK_MONOTONIC, {}, UserPointer<int>(address)));
  return id;
}

TEST_F(ServiceDomains, TimersHaveOneNumberEach) {
  const int first = make_timer().value(); // numbers go up from here
  std::array<std::atomic<bool>, std::size_t{cpus} * rounds + 1> in_use{};
  const auto place_of = [&](int id) -> auto& {
    return in_use.at(static_cast<std::size_t>(id - first));
  };
  run([&](unsigned number) {
    std::minstd_rand random(number + 1);
    std::vector<int> held;
    for (int round = 0; round < rounds; ++round) {
      if (held.size() < 20) {
        const int id = make_timer().value();
        ASSERT_FALSE(place_of(id).exchange(true));
        held.push_back(id);
      } else {
        std::swap(held[random() % held.size()], held.back());
        ASSERT_EQ(sys_timer_getoverrun(held.back()), 0);
        ASSERT_TRUE(place_of(held.back()).exchange(false));
        ASSERT_TRUE(sys_timer_delete(held.back()).has_value());
        ASSERT_FALSE(sys_timer_delete(held.back()).has_value());
        held.pop_back();
      }
      send_timer_signals(); // none is due
    }
    for (const int id : held) {
      ASSERT_TRUE(sys_timer_delete(id).has_value());
    }
  });
  EXPECT_TRUE(sys_timer_delete(first).has_value());
}

/// A file that is ready when it is told to be.
class Switch final : public fs::File {
public:
  [[nodiscard]] fs::Readiness poll() override {
    const fs::Readiness found = is_on ? POLLIN : 0;
    hal::relax(); // the other CPU may wake its queue just now
    return found;
  }
  [[nodiscard]] kernel::WaitQueue* wait_queue() override { return &changes; }

  std::atomic<bool> is_on = false;
  kernel::WaitQueue changes;

protected:
  void destroy() override { delete this; }
};

TEST_F(ServiceDomains, ReadinessIsToldByOneAndLookedForByAnother) {
  constexpr std::size_t count = 8;
  auto* const epoll = new Epoll;
  std::vector<Switch*> files;
  for (std::size_t i = 0; i < count; ++i) {
    files.push_back(new Switch);
    epoll_event event{};
    event.events = EPOLLIN;
    ASSERT_TRUE(epoll->add(static_cast<int>(i), *files.back(), event).has_value());
  }
  std::atomic<bool> is_done = false;
  run([&](unsigned number) {
    std::minstd_rand random(number + 1);
    if (number == 0) {
      for (int round = 0; round < rounds * 4; ++round) {
        Switch& file = *files[random() % count];
        file.is_on = random() % 2 == 0;
        file.changes.wake_all();
      }
      is_done = true;
      return;
    }
    while (!is_done) {
      std::array<epoll_event, count> found{};
      (void)epoll->poll();
      const auto taken = epoll->take(
          UserPointer<epoll_event>(reinterpret_cast<std::uintptr_t>(found.data())), found.size());
      ASSERT_TRUE(taken.has_value());
    }
  });
  for (Switch* file : files) {
    file->is_on = true;
    file->changes.wake_all();
  }
  std::array<epoll_event, count> found{};
  EXPECT_EQ(epoll->take(UserPointer<epoll_event>(reinterpret_cast<std::uintptr_t>(found.data())),
                        found.size()),
            count)
      << "each is on the list once";
  for (Switch* file : files) {
    file->release();
  }
  EXPECT_EQ(epoll->poll(), 0U) << "the files have gone";
}

TEST_F(ServiceDomains, PagesOfAFileAreMadeAndGivenBack) {
  const auto node = fs::make_regular(fs::memory_file_system(), 0600).value();
  auto* const object = node->memory_object();
  const std::uint64_t used = fs::page_budget().used;
  run([&](unsigned number) {
    std::minstd_rand random(number + 1);
    for (int round = 0; round < rounds; ++round) {
      // One tree of pages; each CPU has every second of them, for bytes are copied without a lock.
      const std::uint64_t page = random() % 200 * cpus + number;
      const std::uint64_t offset = page * mm::page_size;
      switch (random() % 4) {
      case 0:
        ASSERT_TRUE(node->punch_hole(offset, mm::page_size).has_value());
        break;
      case 1:
        ASSERT_TRUE(node->allocate(offset, mm::page_size, false).has_value());
        break;
      case 2: {
        const auto frame = object->take_page(page, true);
        if (frame) { // the file may be shorter yet
          *world.machine.at<std::uint64_t>(*frame) = page;
          object->give_back_page(page);
        }
        break;
      }
      default:
        (void)node->status();
      }
    }
  });
  ASSERT_TRUE(node->resize(0).has_value());
  EXPECT_EQ(fs::page_budget().used, used);
}

TEST_F(ServiceDomains, WorkingDirectoryIsOneOfThoseThatWereSet) {
  const auto first = fs::make_directory(fs::memory_file_system(), 0755).value();
  const auto second = fs::make_directory(fs::memory_file_system(), 0755).value();
  set_working_directory(fs::DirectoryReference(first->as_directory()));
  run([&](unsigned number) {
    for (int round = 0; round < rounds; ++round) {
      const auto& next = (round + static_cast<int>(number)) % 2 == 0 ? first : second;
      set_working_directory(fs::DirectoryReference(next->as_directory()));
      const fs::DirectoryReference found = working_directory();
      ASSERT_TRUE(found.get() == first.get() || found.get() == second.get());
    }
  });
  set_working_directory({});
}

TEST_F(ServiceDomains, FutexWaitersAreWokenOnceEach) {
  static constinit FutexBuckets buckets;
  std::atomic<std::size_t> woken = 0;
  run([&](unsigned number) {
    std::minstd_rand random(number + 1);
    const auto random_key = [&] { return mm::VirtualAddress(0x1000 + random() % 16 * 4); };
    for (int round = 0; round < rounds; ++round) {
      FutexWaiter waiter(random_key(), 1U << random() % 2);
      {
        const auto bucket = buckets.bucket_of(waiter.key).lock();
        bucket->push_back(waiter);
      }
      for (bool is_woken = false; !is_woken;) {
        const mm::VirtualAddress key = random_key();
        {
          const auto bucket = buckets.bucket_of(key).lock();
          woken += wake_waiters(*bucket, key, 1 + random() % 2, 1U << random() % 2);
        }
        const auto bucket = buckets.bucket_of(waiter.key).lock();
        is_woken = waiter.woken;
      }
    }
  });
  EXPECT_EQ(woken, std::size_t{cpus} * rounds);
}

} // namespace
} // namespace skerry::posix
