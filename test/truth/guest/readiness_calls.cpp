// SPDX-License-Identifier: Apache-2.0
// Each call that waits for readiness or makes something to wait for, by its own number.

#include "test/boot/descriptor.hpp"
#include "test/boot/system_call.hpp"
#include "test/truth/guest/raw_call.hpp"

#include <array>
#include <cstdint>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <string>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>

namespace skerry::test {
namespace {

int made(long number) {
  return static_cast<int>(number);
}

void count_up(int event) {
  const std::uint64_t one = 1;
  EXPECT_EQ(::write(event, &one, sizeof one), 8);
}

std::uint64_t count_of(int event) {
  std::uint64_t count = 0;
  EXPECT_EQ(::read(event, &count, sizeof count), 8);
  return count;
}

TEST(ReadinessCalls, CountEvents) {
  const Descriptor old(made(raw(SYS_eventfd, 3)));
  count_up(old);
  EXPECT_EQ(count_of(old), 4U);
  const Descriptor event(made(raw(SYS_eventfd2, 2, EFD_SEMAPHORE | EFD_NONBLOCK)));
  EXPECT_EQ(count_of(event), 1U);
  EXPECT_EQ(count_of(event), 1U);
  std::uint64_t count = 0;
  EXPECT_EQ(answer_of([&] { return ::read(event, &count, sizeof count); }), refusal(EAGAIN));
}

TEST(ReadinessCalls, MakePipes) {
  std::array<int, 2> ends{};
  std::array<char, 4> text{};
  ASSERT_EQ(raw(SYS_pipe, ends.data()), 0);
  {
    const Descriptor reader(ends[0]);
    const Descriptor writer(ends[1]);
    EXPECT_EQ(::write(writer, "abc", 3), 3);
    EXPECT_EQ(::read(reader, text.data(), text.size()), 3);
    EXPECT_STREQ(text.data(), "abc");
  }
  ASSERT_EQ(raw(SYS_pipe2, ends.data(), O_NONBLOCK | O_CLOEXEC), 0);
  const Descriptor reader(ends[0]);
  const Descriptor writer(ends[1]);
  EXPECT_EQ(answer_of([&] { return ::read(reader, text.data(), text.size()); }), refusal(EAGAIN));
  EXPECT_EQ(::fcntl(writer, F_GETFD), FD_CLOEXEC);
  EXPECT_EQ(answer_of([&] { return raw(SYS_pipe2, ends.data(), O_DIRECT); }), refusal(EINVAL));
}

TEST(ReadinessCalls, WaitByPollAndSelect) {
  const Descriptor event(::eventfd(0, 0));
  constexpr std::size_t mask_size = 8;
  pollfd entry{.fd = event, .events = POLLIN, .revents = 0};
  timespec no_time{};
  timeval at_once{};
  fd_set set;
  const auto select_it = [&](auto call) {
    FD_ZERO(&set);
    FD_SET(event, &set);
    const long count = call();
    EXPECT_EQ(FD_ISSET(event, &set) != 0, count == 1);
    return count;
  };
  const auto select = [&] { return raw(SYS_select, event + 1, &set, nullptr, nullptr, &at_once); };
  const auto pselect = [&] {
    return raw(SYS_pselect6, event + 1, &set, nullptr, nullptr, &no_time, nullptr);
  };
  EXPECT_EQ(raw(SYS_poll, &entry, 1, 0), 0);
  EXPECT_EQ(raw(SYS_ppoll, &entry, 1, &no_time, nullptr, mask_size), 0);
  EXPECT_EQ(select_it(select), 0);
  EXPECT_EQ(select_it(pselect), 0);
  count_up(event);
  EXPECT_EQ(raw(SYS_poll, &entry, 1, -1), 1);
  EXPECT_EQ(entry.revents, POLLIN);
  entry.revents = 0;
  EXPECT_EQ(raw(SYS_ppoll, &entry, 1, nullptr, nullptr, mask_size), 1);
  EXPECT_EQ(entry.revents, POLLIN);
  EXPECT_EQ(select_it(select), 1);
  EXPECT_EQ(select_it(pselect), 1);
}

TEST(ReadinessCalls, WaitByEpoll) {
  const Descriptor event(::eventfd(0, 0));
  constexpr std::size_t mask_size = 8;
  const Descriptor old(made(raw(SYS_epoll_create, 1)));
  const Descriptor epoll(made(raw(SYS_epoll_create1, EPOLL_CLOEXEC)));
  EXPECT_EQ(::fcntl(epoll, F_GETFD), FD_CLOEXEC);
  epoll_event wanted{.events = EPOLLIN, .data = {.u64 = 77}};
  for (const int number : {static_cast<int>(old), static_cast<int>(epoll)})
    EXPECT_EQ(raw(SYS_epoll_ctl, number, EPOLL_CTL_ADD, event, &wanted), 0);
  epoll_event found{};
  const auto is_found = [&] {
    const bool is_it = found.data.u64 == 77 && found.events == EPOLLIN;
    found = {};
    return is_it;
  };
  EXPECT_EQ(raw(SYS_epoll_wait, old, &found, 1, 0), 0);
  count_up(event);
  EXPECT_EQ(raw(SYS_epoll_wait, old, &found, 1, -1), 1);
  EXPECT_TRUE(is_found());
  EXPECT_EQ(raw(SYS_epoll_pwait, epoll, &found, 1, -1, nullptr, mask_size), 1);
  EXPECT_TRUE(is_found());
  EXPECT_EQ(raw(SYS_epoll_pwait2, epoll, &found, 1, nullptr, nullptr, mask_size), 1);
  EXPECT_TRUE(is_found());
  EXPECT_EQ(raw(SYS_epoll_ctl, epoll, EPOLL_CTL_DEL, event, nullptr), 0);
  EXPECT_EQ(raw(SYS_epoll_wait, epoll, &found, 1, 0), 0);
}

TEST(ReadinessCalls, WatchFiles) {
  const Descriptor old(made(raw(SYS_inotify_init)));
  const Descriptor watch(made(raw(SYS_inotify_init1, IN_NONBLOCK)));
  const long number = raw(SYS_inotify_add_watch, watch, "/tmp", IN_CREATE);
  EXPECT_GT(number, 0);
  EXPECT_GT(raw(SYS_inotify_add_watch, old, "/tmp", IN_CREATE), 0);
  const Descriptor file(::open("/tmp/watched", O_CREAT | O_RDWR, 0600));
  alignas(inotify_event) std::array<char, 256> bytes{};
  for (const int descriptor : {static_cast<int>(old), static_cast<int>(watch)}) {
    bytes = {};
    EXPECT_GT(::read(descriptor, bytes.data(), bytes.size()), 0);
    EXPECT_EQ(reinterpret_cast<inotify_event*>(bytes.data())->mask, IN_CREATE + 0U);
    EXPECT_STREQ(bytes.data() + sizeof(inotify_event), "watched");
  }
  EXPECT_EQ(raw(SYS_inotify_rm_watch, watch, number), 0);
  EXPECT_GT(::read(watch, bytes.data(), bytes.size()), 0); // IN_IGNORED
  EXPECT_EQ(::unlink("/tmp/watched"), 0);
  const Descriptor again(::open("/tmp/watched", O_CREAT | O_RDWR, 0600));
  EXPECT_EQ(answer_of([&] { return ::read(watch, bytes.data(), bytes.size()); }), refusal(EAGAIN));
  EXPECT_EQ(::unlink("/tmp/watched"), 0);
}

TEST(ReadinessCalls, CountTheTimesATimerGoesOff) {
  const Descriptor timer(made(raw(SYS_timerfd_create, CLOCK_MONOTONIC, TFD_CLOEXEC)));
  itimerspec value{.it_interval = {.tv_sec = 0, .tv_nsec = 1'000'000},
                   .it_value = {.tv_sec = 0, .tv_nsec = 1'000'000}};
  EXPECT_EQ(raw(SYS_timerfd_settime, timer, 0, &value, nullptr), 0);
  EXPECT_GE(count_of(timer), 1U);
  EXPECT_GE(count_of(timer), 1U);
  value = {.it_interval = {}, .it_value = {.tv_sec = 1000, .tv_nsec = 0}};
  EXPECT_EQ(raw(SYS_timerfd_settime, timer, 0, &value, nullptr), 0);
  value = {};
  EXPECT_EQ(raw(SYS_timerfd_gettime, timer, &value), 0);
  EXPECT_GT(value.it_value.tv_sec, 900);
  EXPECT_EQ(value.it_interval.tv_nsec, 0);
}

} // namespace
} // namespace skerry::test
