// SPDX-License-Identifier: Apache-2.0
// Waiting for files: poll, select, epoll, and the files that are made to be waited for.
#include "descriptor.hpp"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <memory>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/timerfd.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using namespace std::chrono_literals;

struct Pipe {
  explicit Pipe(int flags = 0) : reader(make(flags)), writer(ends_[1]) {}
  int make(int flags) {
    EXPECT_EQ(pipe2(ends_, flags), 0);
    return ends_[0];
  }
  int ends_[2] = {-1, -1};
  Descriptor reader;
  Descriptor writer;
};

void signal_event(int event) {
  const std::uint64_t one = 1;
  EXPECT_EQ(write(event, &one, sizeof one), static_cast<ssize_t>(sizeof one));
}

epoll_event on(std::uint32_t events, int tag) {
  epoll_event event{};
  event.events = events;
  event.data.fd = tag;
  return event;
}

TEST(Poll, TellsWhatIsReadyAndWhatIsNoDescriptor) {
  Pipe pipe;
  pollfd entries[] = {
      {pipe.reader, POLLIN, 0}, {pipe.writer, POLLOUT, 0}, {-1, POLLIN, 7}, {12345, POLLIN, 0}};
  EXPECT_EQ(poll(entries, 4, 0), 2);
  EXPECT_EQ(entries[0].revents, 0);
  EXPECT_EQ(entries[1].revents, POLLOUT);
  EXPECT_EQ(entries[2].revents, 0);
  EXPECT_EQ(entries[3].revents, POLLNVAL);
  EXPECT_EQ(write(pipe.writer, "x", 1), 1);
  EXPECT_EQ(poll(entries, 1, -1), 1);
  EXPECT_EQ(entries[0].revents, POLLIN);
  pipe.writer.reset();
  EXPECT_EQ(poll(entries, 1, -1), 1);
  EXPECT_EQ(entries[0].revents, POLLIN | POLLHUP);
}

TEST(Poll, IsWokenByAnotherThread) {
  const Descriptor first(eventfd(0, 0));
  const Descriptor second(eventfd(0, 0));
  std::thread waker([&] { signal_event(second); });
  pollfd entries[] = {{first, POLLIN, 0}, {second, POLLIN, 0}};
  EXPECT_EQ(poll(entries, 2, -1), 1);
  EXPECT_EQ(entries[1].revents, POLLIN);
  waker.join();
}

TEST(Poll, ComesBackWhenTheTimeIsUp) {
  const Descriptor event(eventfd(0, 0));
  pollfd entry{event, POLLIN, 0};
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(poll(&entry, 1, 20), 0);
  EXPECT_GE(std::chrono::steady_clock::now() - before, 20ms);
  EXPECT_EQ(poll(nullptr, 0, 1), 0);
}

TEST(Poll, RefusesPlacesThatAreNone) {
  EXPECT_EQ(poll(reinterpret_cast<pollfd*>(8), 1, 0), -1);
  EXPECT_EQ(errno, EFAULT);
}

TEST(Select, LeavesTheBitsOfWhatIsReady) {
  Pipe pipe;
  fd_set readable;
  fd_set writable;
  FD_ZERO(&readable);
  FD_ZERO(&writable);
  FD_SET(pipe.reader, &readable);
  FD_SET(pipe.writer, &writable);
  timeval timeout{.tv_sec = 5, .tv_usec = 0};
  EXPECT_EQ(select(pipe.writer + 1, &readable, &writable, nullptr, &timeout), 1);
  EXPECT_FALSE(FD_ISSET(pipe.reader, &readable));
  EXPECT_TRUE(FD_ISSET(pipe.writer, &writable));
  FD_SET(900, &readable);
  EXPECT_EQ(select(901, &readable, nullptr, nullptr, &timeout), -1);
  EXPECT_EQ(errno, EBADF);
}

TEST(Epoll, LevelsStayAndEdgesGo) {
  const Descriptor epoll(epoll_create1(0));
  const Descriptor level(eventfd(0, 0));
  const Descriptor edge(eventfd(0, 0));
  epoll_event event = on(EPOLLIN, 1);
  ASSERT_EQ(epoll_ctl(epoll, EPOLL_CTL_ADD, level, &event), 0);
  event = on(EPOLLIN | EPOLLET, 2);
  ASSERT_EQ(epoll_ctl(epoll, EPOLL_CTL_ADD, edge, &event), 0);
  epoll_event found[4];
  EXPECT_EQ(epoll_wait(epoll, found, 4, 0), 0);
  signal_event(level);
  signal_event(edge);
  EXPECT_EQ(epoll_wait(epoll, found, 4, -1), 2);
  EXPECT_EQ(epoll_wait(epoll, found, 4, -1), 1);
  EXPECT_EQ(found[0].data.fd, 1);
  signal_event(edge);
  EXPECT_EQ(epoll_wait(epoll, found, 4, -1), 2);
  std::uint64_t count = 0;
  EXPECT_EQ(read(level, &count, sizeof count), 8);
  EXPECT_EQ(epoll_wait(epoll, found, 4, 0), 0);
}

TEST(Epoll, OneShotsFireOnceUntilTheyAreSetAgain) {
  const Descriptor epoll(epoll_create1(0));
  const Descriptor file(eventfd(1, 0));
  epoll_event event = on(EPOLLIN | EPOLLONESHOT, 1);
  ASSERT_EQ(epoll_ctl(epoll, EPOLL_CTL_ADD, file, &event), 0);
  epoll_event found;
  EXPECT_EQ(epoll_wait(epoll, &found, 1, -1), 1);
  EXPECT_EQ(epoll_wait(epoll, &found, 1, 0), 0);
  ASSERT_EQ(epoll_ctl(epoll, EPOLL_CTL_MOD, file, &event), 0);
  EXPECT_EQ(epoll_wait(epoll, &found, 1, -1), 1);
}

TEST(Epoll, ForgetsFilesThatClose) {
  const Descriptor epoll(epoll_create1(0));
  Descriptor file(eventfd(1, 0));
  const Descriptor copy(dup(file));
  epoll_event event = on(EPOLLIN, 1);
  ASSERT_EQ(epoll_ctl(epoll, EPOLL_CTL_ADD, file, &event), 0);
  epoll_event found;
  file.reset();
  EXPECT_EQ(epoll_wait(epoll, &found, 1, 0), 1) << "a copy is open";
  close(dup2(epoll, copy)); // closes the last copy
  EXPECT_EQ(epoll_wait(epoll, &found, 1, 0), 0);
}

TEST(Epoll, KnowsItsRules) {
  const Descriptor epoll(epoll_create1(0));
  const Descriptor file(eventfd(0, 0));
  epoll_event event = on(EPOLLIN, 1);
  const auto refused = [&](int operation, int descriptor, epoll_event* with) {
    return epoll_ctl(epoll, operation, descriptor, with) == 0 ? 0 : errno;
  };
  EXPECT_EQ(refused(EPOLL_CTL_MOD, file, &event), ENOENT);
  EXPECT_EQ(refused(EPOLL_CTL_DEL, file, nullptr), ENOENT);
  EXPECT_EQ(refused(EPOLL_CTL_ADD, file, nullptr), EFAULT);
  EXPECT_EQ(refused(EPOLL_CTL_ADD, file, &event), 0);
  EXPECT_EQ(refused(EPOLL_CTL_ADD, file, &event), EEXIST);
  EXPECT_EQ(refused(EPOLL_CTL_ADD, epoll, &event), EINVAL);
  EXPECT_EQ(refused(EPOLL_CTL_ADD, 999, &event), EBADF);
  EXPECT_EQ(refused(99, file, &event), EINVAL);
  EXPECT_EQ(epoll_wait(epoll, &event, 0, 0), -1);
  EXPECT_EQ(errno, EINVAL);
  EXPECT_EQ(epoll_wait(file, &event, 1, 0), -1);
  EXPECT_EQ(errno, EINVAL);
}

TEST(Epoll, HandsEachOfManyFilesOverOnce) {
  const Descriptor epoll(epoll_create1(0));
  std::vector<std::unique_ptr<Descriptor>> files;
  for (int i = 0; i < 100; ++i) {
    files.push_back(std::make_unique<Descriptor>(eventfd(1, 0)));
    epoll_event event = on(EPOLLIN, i);
    ASSERT_EQ(epoll_ctl(epoll, EPOLL_CTL_ADD, *files.back(), &event), 0);
  }
  std::vector<int> seen(100);
  epoll_event found[16];
  for (int round = 0; round < 25; ++round) {
    const int count = epoll_wait(epoll, found, 16, 0);
    for (int i = 0; i < count; ++i) {
      ++seen[static_cast<std::size_t>(found[i].data.fd)];
    }
  }
  for (const int times : seen) {
    EXPECT_EQ(times, 4) << "400 in 25 rounds of 16, in turn";
  }
}

TEST(Epoll, KeepsWhatItCannotHandOver) {
  const Descriptor epoll(epoll_create1(0));
  const Descriptor edge(eventfd(1, 0));
  const Descriptor once(eventfd(1, 0));
  epoll_event event = on(EPOLLIN | EPOLLET, 1);
  ASSERT_EQ(epoll_ctl(epoll, EPOLL_CTL_ADD, edge, &event), 0);
  event = on(EPOLLIN | EPOLLONESHOT, 2);
  ASSERT_EQ(epoll_ctl(epoll, EPOLL_CTL_ADD, once, &event), 0);
  EXPECT_EQ(epoll_wait(epoll, reinterpret_cast<epoll_event*>(8), 2, 0), -1);
  EXPECT_EQ(errno, EFAULT);
  epoll_event found[2];
  EXPECT_EQ(epoll_wait(epoll, found, 2, 0), 2);
  EXPECT_EQ(epoll_wait(epoll, found, 2, 0), 0);
}

TEST(EventFd, CountsAndBlocksAtItsEnd) {
  const Descriptor event(eventfd(3, EFD_NONBLOCK));
  std::uint64_t value = 0;
  EXPECT_EQ(read(event, &value, sizeof value), 8);
  EXPECT_EQ(value, 3U);
  EXPECT_EQ(read(event, &value, sizeof value), -1);
  EXPECT_EQ(errno, EAGAIN);
  value = UINT64_MAX - 1;
  EXPECT_EQ(write(event, &value, sizeof value), 8);
  value = 1;
  EXPECT_EQ(write(event, &value, sizeof value), -1);
  EXPECT_EQ(errno, EAGAIN);
  value = UINT64_MAX;
  EXPECT_EQ(write(event, &value, sizeof value), -1);
  EXPECT_EQ(errno, EINVAL);
  EXPECT_EQ(read(event, &value, 4), -1);
  EXPECT_EQ(errno, EINVAL);
  const Descriptor semaphore(eventfd(2, EFD_SEMAPHORE));
  EXPECT_EQ(read(semaphore, &value, sizeof value), 8);
  EXPECT_EQ(value, 1U);
}

TEST(Pipe, MovesTenMegabytesBetweenThreads) {
  constexpr std::size_t size = 10 << 20;
  Pipe pipe;
  std::thread writer([&] {
    std::vector<std::uint8_t> block(70'001); // more than a pipe holds
    std::size_t sent = 0;
    while (sent < size) {
      for (std::size_t i = 0; i < block.size(); ++i) {
        block[i] = static_cast<std::uint8_t>((sent + i) * 31 >> 3U);
      }
      const ssize_t count = write(pipe.writer, block.data(), std::min(block.size(), size - sent));
      ASSERT_GT(count, 0);
      sent += static_cast<std::size_t>(count);
    }
    pipe.writer.reset();
  });
  std::vector<std::uint8_t> block(12'345);
  std::size_t received = 0;
  bool same = true;
  for (ssize_t count = 0; (count = read(pipe.reader, block.data(), block.size())) > 0;) {
    for (ssize_t i = 0; i < count; ++i, ++received) {
      same = same &&
             block[static_cast<std::size_t>(i)] == static_cast<std::uint8_t>(received * 31 >> 3U);
    }
  }
  writer.join();
  EXPECT_EQ(received, size);
  EXPECT_TRUE(same);
}

TEST(Pipe, FillsUpEndsAndBreaks) {
  Pipe pipe(O_NONBLOCK);
  std::vector<char> block(65536);
  EXPECT_EQ(write(pipe.writer, block.data(), block.size()), 65536);
  EXPECT_EQ(write(pipe.writer, "x", 1), -1);
  EXPECT_EQ(errno, EAGAIN);
  int waiting = 0;
  EXPECT_EQ(ioctl(pipe.reader, FIONREAD, &waiting), 0);
  EXPECT_EQ(waiting, 65536);
  EXPECT_EQ(read(pipe.reader, block.data(), 100), 100);
  EXPECT_EQ(write(pipe.writer, block.data(), 101), -1) << "a part of what is to go as a whole";
  EXPECT_EQ(write(pipe.reader, "x", 1), -1);
  EXPECT_EQ(errno, EBADF);
  signal(SIGPIPE, SIG_IGN);
  pipe.reader.reset();
  EXPECT_EQ(write(pipe.writer, "x", 1), -1);
  EXPECT_EQ(errno, EPIPE);
  EXPECT_EQ(pipe2(reinterpret_cast<int*>(8), 0), -1);
  EXPECT_EQ(errno, EFAULT);
}

TEST(TimerFd, CountsWhatWasMissed) {
  const Descriptor timer(timerfd_create(CLOCK_MONOTONIC, 0));
  const itimerspec every_2_ms{{0, 2'000'000}, {0, 2'000'000}};
  ASSERT_EQ(timerfd_settime(timer, 0, &every_2_ms, nullptr), 0);
  std::this_thread::sleep_for(21ms);
  std::uint64_t count = 0;
  EXPECT_EQ(read(timer, &count, sizeof count), 8);
  EXPECT_GE(count, 10U);
  EXPECT_EQ(read(timer, &count, sizeof count), 8) << "blocks until the next";
  EXPECT_GE(count, 1U);
  itimerspec left{};
  EXPECT_EQ(timerfd_gettime(timer, &left), 0);
  EXPECT_EQ(left.it_interval.tv_nsec, 2'000'000);
  const itimerspec off{};
  EXPECT_EQ(timerfd_settime(timer, 0, &off, nullptr), 0);
  pollfd entry{timer, POLLIN, 0};
  EXPECT_EQ(poll(&entry, 1, 5), 0);
}

TEST(TimerFd, WakesAnEpoll) {
  const Descriptor epoll(epoll_create1(0));
  const Descriptor timer(timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK));
  epoll_event event = on(EPOLLIN, 5);
  ASSERT_EQ(epoll_ctl(epoll, EPOLL_CTL_ADD, timer, &event), 0);
  const itimerspec soon{{0, 0}, {0, 3'000'000}};
  ASSERT_EQ(timerfd_settime(timer, 0, &soon, nullptr), 0);
  EXPECT_EQ(epoll_wait(epoll, &event, 1, -1), 1);
  EXPECT_EQ(event.data.fd, 5);
}

} // namespace
