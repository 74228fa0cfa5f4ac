// SPDX-License-Identifier: Apache-2.0
// Epolls in epolls, and epolls that watch the console.
#include "descriptor.hpp"
#include "system_call.hpp"

#include <array>
#include <cstdint>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <memory>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace skerry::test {
namespace {

constexpr std::size_t most_levels = 5; // epoll_ctl(2), ELOOP

Answer add(int epoll, int file, std::uint32_t events = EPOLLIN) {
  epoll_event event{};
  event.events = events;
  event.data.fd = file;
  return answer_of([&] { return epoll_ctl(epoll, EPOLL_CTL_ADD, file, &event); });
}

Answer remove(int epoll, int file) {
  return answer_of([&] { return epoll_ctl(epoll, EPOLL_CTL_DEL, file, nullptr); });
}

int wait(int epoll, int milliseconds) {
  epoll_event event{};
  return epoll_wait(epoll, &event, 1, milliseconds) == 1 ? event.data.fd : -1;
}

void count_up(int event) {
  const std::uint64_t one = 1;
  EXPECT_EQ(write(event, &one, sizeof one), static_cast<ssize_t>(sizeof one));
}

void take(int event) {
  std::uint64_t count = 0;
  EXPECT_EQ(read(event, &count, sizeof count), static_cast<ssize_t>(sizeof count));
}

constexpr Answer done{0, 0};

/// Epolls, each in the one before.
std::vector<std::unique_ptr<Descriptor>> chain(std::size_t length) {
  std::vector<std::unique_ptr<Descriptor>> epolls;
  for (std::size_t i = 0; i < length; ++i) {
    epolls.push_back(std::make_unique<Descriptor>(epoll_create1(0)));
    if (i != 0) {
      EXPECT_EQ(add(*epolls[i - 1], *epolls[i]), done) << i;
    }
  }
  return epolls;
}

TEST(NestedEpoll, IsReadyWhenWhatItWatchesIs) {
  const auto epolls = chain(most_levels);
  const Descriptor event(eventfd(0, 0));
  ASSERT_EQ(add(*epolls.back(), event), done);
  EXPECT_EQ(wait(*epolls.front(), 0), -1);
  count_up(event);
  EXPECT_EQ(wait(*epolls.front(), -1), *epolls[1]);
  EXPECT_EQ(wait(*epolls.front(), 0), *epolls[1]) << "level-triggered";
  take(event);
  EXPECT_EQ(wait(*epolls.front(), 0), -1);
  count_up(event);
  EXPECT_EQ(wait(*epolls.front(), 0), *epolls[1]);
  pollfd entry{*epolls.front(), POLLIN, 0};
  EXPECT_EQ(poll(&entry, 1, 0), 1);
}

TEST(NestedEpoll, WakesWhoWaitsForTheOuterOne) {
  const auto epolls = chain(3);
  const Descriptor event(eventfd(0, 0));
  ASSERT_EQ(add(*epolls.back(), event), done);
  std::thread waker([&] { count_up(event); });
  EXPECT_EQ(wait(*epolls.front(), -1), *epolls[1]);
  waker.join();
}

TEST(NestedEpoll, TellsAnEdgeForEachEventInside) {
  const Descriptor outer(epoll_create1(0));
  const Descriptor inner(epoll_create1(0));
  const Descriptor first(eventfd(0, 0));
  const Descriptor second(eventfd(0, 0));
  ASSERT_EQ(add(outer, inner, EPOLLIN | EPOLLET), done);
  ASSERT_EQ(add(inner, first), done);
  ASSERT_EQ(add(inner, second), done);
  count_up(first);
  EXPECT_EQ(wait(outer, 0), inner);
  EXPECT_EQ(wait(outer, 0), -1);
  count_up(first);
  EXPECT_EQ(wait(outer, 0), inner) << "the inner one was ready all the time";
  count_up(second);
  EXPECT_EQ(wait(outer, 0), inner);
  EXPECT_EQ(wait(outer, 0), -1);
}

TEST(NestedEpoll, GoesFiveLevelsDeep) {
  auto epolls = chain(most_levels);
  const Descriptor more(epoll_create1(0));
  EXPECT_EQ(add(more, *epolls.front()), refusal(ELOOP)) << "above";
  EXPECT_EQ(add(*epolls.back(), more), refusal(ELOOP)) << "below";
  EXPECT_EQ(add(more, *epolls[1]), done) << "beside the first";
  EXPECT_EQ(remove(more, *epolls[1]), done);
  // With one level less there is room again.
  ASSERT_EQ(remove(*epolls[3], *epolls[4]), done);
  EXPECT_EQ(add(more, *epolls.front()), done);
  EXPECT_EQ(remove(more, *epolls.front()), done);
  epolls[2]->reset(); // closing is as good as taking out
  EXPECT_EQ(add(*epolls[1], *epolls[3]), done);
  EXPECT_EQ(add(more, *epolls.front()), done);
}

TEST(NestedEpoll, IsNotInACircle) {
  const auto epolls = chain(3);
  EXPECT_EQ(add(*epolls[2], *epolls[0]), refusal(ELOOP));
  EXPECT_EQ(add(*epolls[1], *epolls[0]), refusal(ELOOP));
  EXPECT_EQ(add(*epolls[0], *epolls[0]), refusal(EINVAL));
  EXPECT_EQ(add(*epolls[0], *epolls[2]), done) << "two ways to one are no circle";
  // A refused attempt leaves the count of levels as it was.
  const Descriptor above(epoll_create1(0));
  const Descriptor top(epoll_create1(0));
  EXPECT_EQ(add(above, *epolls[0]), done);
  EXPECT_EQ(add(top, above), done);
}

TEST(ConsoleEpoll, FindsTheStandardDescriptorsReady) {
  const Descriptor epoll(epoll_create1(0));
  EXPECT_EQ(add(epoll, STDIN_FILENO), done);
  EXPECT_EQ(wait(epoll, -1), STDIN_FILENO) << "at the end of the file";
  EXPECT_EQ(remove(epoll, STDIN_FILENO), done);
  EXPECT_EQ(add(epoll, STDOUT_FILENO, EPOLLOUT | EPOLLET), done);
  EXPECT_EQ(wait(epoll, -1), STDOUT_FILENO);
  EXPECT_EQ(wait(epoll, 0), -1);
}

TEST(ConsoleEpoll, IsStillNotForFilesThatAreAlwaysReady) {
  const Descriptor epoll(epoll_create1(0));
  const Descriptor file(open("/tmp", O_RDONLY | O_DIRECTORY));
  const Descriptor null(open("/dev/null", O_RDWR));
  EXPECT_EQ(add(epoll, file), refusal(EPERM));
  EXPECT_EQ(add(epoll, null), refusal(EPERM));
}

} // namespace
} // namespace skerry::test
