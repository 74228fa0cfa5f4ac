// SPDX-License-Identifier: Apache-2.0
// Watching files: inotify(7).
#include "descriptor.hpp"
#include "system_call.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <ostream>
#include <poll.h>
#include <string>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace skerry::test {
namespace {

/// What was read, without its cookie.
struct Event {
  int watch = 0;
  std::uint32_t mask = 0;
  std::string name;

  bool operator==(const Event&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Event& event) {
  return out << "{watch " << event.watch << ", mask " << std::hex << event.mask << std::dec
             << ", \"" << event.name << "\"}";
}

using Events = std::vector<Event>;

/// Works in a directory of its own, which is watched by nobody yet.
class Notify : public testing::Test {
protected:
  Notify() : instance(::inotify_init1(IN_NONBLOCK)) {
    EXPECT_EQ(::mkdir("/tmp/watched", 0755), 0);
    EXPECT_EQ(::chdir("/tmp/watched"), 0);
  }
  ~Notify() override {
    for (const char* name : {"file", "other", "link", "inner/file", "inner/other"})
      ::unlink(name);
    ::rmdir("inner");
    EXPECT_EQ(::chdir("/"), 0);
    ::rmdir("/tmp/watched");
  }

  [[nodiscard]] int watch(const char* path, std::uint32_t mask) const {
    const int number = ::inotify_add_watch(instance, path, mask);
    EXPECT_GT(number, 0) << path << ": " << std::strerror(errno);
    return number;
  }

  [[nodiscard]] Answer watch_answer(const char* path, std::uint32_t mask) const {
    return answer_of([&] { return ::inotify_add_watch(instance, path, mask); });
  }

  /// All that waits. Cookies are kept beside it.
  Events events() {
    Events found;
    cookies.clear();
    std::array<char, 4096> buffer;
    for (ssize_t size = 0; (size = ::read(instance, buffer.data(), buffer.size())) > 0;)
      for (const char* at = buffer.data(); at < buffer.data() + size;) {
        inotify_event event{};
        std::memcpy(&event, at, sizeof event);
        const char* name = at + sizeof event;
        EXPECT_EQ(event.len % sizeof event, 0U);
        found.push_back({event.wd, event.mask, event.len == 0 ? "" : name});
        cookies.push_back(event.cookie);
        at = name + event.len;
      }
    EXPECT_EQ(errno, EAGAIN);
    return found;
  }

  static void make(const char* path, std::string_view text = {}) {
    const Descriptor file(::open(path, O_CREAT | O_WRONLY, 0644));
    if (!text.empty())
      EXPECT_EQ(::write(file, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }

  Descriptor instance;
  std::vector<std::uint32_t> cookies;
};

TEST_F(Notify, TellsOfFilesInADirectory) {
  const int here = watch(".", IN_ALL_EVENTS);
  make("file", "text");
  EXPECT_EQ(events(), (Events{{here, IN_CREATE, "file"},
                              {here, IN_OPEN, "file"},
                              {here, IN_MODIFY, "file"},
                              {here, IN_CLOSE_WRITE, "file"}}));
  {
    const Descriptor file(::open("file", O_RDONLY));
    char byte = 0;
    EXPECT_EQ(::read(file, &byte, 1), 1);
    EXPECT_EQ(::pread(file, &byte, 1, 100), 0) << "of which nothing is told";
  }
  EXPECT_EQ(events(), (Events{{here, IN_OPEN, "file"},
                              {here, IN_ACCESS, "file"},
                              {here, IN_CLOSE_NOWRITE, "file"}}));
  EXPECT_EQ(::unlink("file"), 0);
  EXPECT_EQ(events(), (Events{{here, IN_DELETE, "file"}}));
}

TEST_F(Notify, TellsOfTheFileItself) {
  make("file", "text");
  const int file_watch = watch("file", IN_ALL_EVENTS);
  EXPECT_EQ(::truncate("file", 2), 0);
  EXPECT_EQ(::chmod("file", 0600), 0);
  EXPECT_EQ(::link("file", "other"), 0);
  EXPECT_EQ(::rename("file", "link"), 0);
  EXPECT_EQ(events(), (Events{{file_watch, IN_MODIFY, ""},
                              {file_watch, IN_ATTRIB, ""},
                              {file_watch, IN_MOVE_SELF, ""}}))
      << "two changes of attributes in a row are one";
  EXPECT_EQ(::unlink("other"), 0);
  EXPECT_EQ(events(), (Events{{file_watch, IN_ATTRIB, ""}}));
  EXPECT_EQ(::unlink("link"), 0);
  EXPECT_EQ(events(), (Events{{file_watch, IN_ATTRIB, ""},
                              {file_watch, IN_DELETE_SELF, ""},
                              {file_watch, IN_IGNORED, ""}}));
}

TEST_F(Notify, TellsOfTheEndWhenTheLastDescriptorIsClosed) {
  make("file");
  Descriptor file(::open("file", O_RDWR));
  const int file_watch = watch("file", IN_DELETE_SELF | IN_CLOSE | IN_MODIFY);
  EXPECT_EQ(::unlink("file"), 0);
  EXPECT_EQ(events(), Events{});
  EXPECT_EQ(::write(file, "x", 1), 1);
  file.reset();
  EXPECT_EQ(events(), (Events{{file_watch, IN_MODIFY, ""},
                              {file_watch, IN_CLOSE_WRITE, ""},
                              {file_watch, IN_DELETE_SELF, ""},
                              {file_watch, IN_IGNORED, ""}}));
}

TEST_F(Notify, TellsOfDirectories) {
  const int here = watch(".", IN_ALL_EVENTS);
  EXPECT_EQ(::mkdir("inner", 0755), 0);
  EXPECT_EQ(events(), (Events{{here, IN_CREATE | IN_ISDIR, "inner"}}));
  const int inner = watch("inner", IN_ALL_EVENTS);
  Descriptor(::open("inner", O_RDONLY)).reset();
  EXPECT_EQ(events(), (Events{{here, IN_OPEN | IN_ISDIR, "inner"},
                              {inner, IN_OPEN | IN_ISDIR, ""},
                              {here, IN_CLOSE_NOWRITE | IN_ISDIR, "inner"},
                              {inner, IN_CLOSE_NOWRITE | IN_ISDIR, ""}}));
  EXPECT_EQ(::chmod("inner", 0700), 0);
  EXPECT_EQ(events(),
            (Events{{here, IN_ATTRIB | IN_ISDIR, "inner"}, {inner, IN_ATTRIB | IN_ISDIR, ""}}));
  EXPECT_EQ(::rmdir("inner"), 0);
  const Events found = events();
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(std::ranges::count(found, Event{here, IN_DELETE | IN_ISDIR, "inner"}), 1);
  EXPECT_EQ(std::ranges::count(found, Event{inner, IN_DELETE_SELF, ""}), 1);
  EXPECT_EQ(std::ranges::count(found, Event{inner, IN_IGNORED, ""}), 1);
}

TEST_F(Notify, TellsBothEndsOfAMove) {
  EXPECT_EQ(::mkdir("inner", 0755), 0);
  make("file");
  make("inner/other");
  const int here = watch(".", IN_MOVE);
  const int inner = watch("inner", IN_ALL_EVENTS);
  const int replaced = watch("inner/other", IN_ALL_EVENTS);
  EXPECT_EQ(::rename("file", "inner/other"), 0);
  EXPECT_EQ(events(), (Events{{here, IN_MOVED_FROM, "file"},
                              {inner, IN_MOVED_TO, "other"},
                              {replaced, IN_ATTRIB, ""},
                              {replaced, IN_DELETE_SELF, ""},
                              {replaced, IN_IGNORED, ""}}));
  ASSERT_EQ(cookies.size(), 5U);
  const std::uint32_t first = cookies[0];
  EXPECT_NE(first, 0U);
  EXPECT_EQ(cookies[1], first);
  EXPECT_EQ(cookies[2], 0U);
  EXPECT_EQ(::rename("inner", "other"), 0);
  EXPECT_EQ(events(), (Events{{here, IN_MOVED_FROM | IN_ISDIR, "inner"},
                              {here, IN_MOVED_TO | IN_ISDIR, "other"},
                              {inner, IN_MOVE_SELF, ""}}));
  EXPECT_EQ(cookies[0], cookies[1]);
  EXPECT_NE(cookies[0], first);
  EXPECT_EQ(::rename("other", "inner"), 0);
}

TEST_F(Notify, TellsOfBothNamesThatAreExchanged) {
  make("file");
  make("other");
  const int here = watch(".", IN_MOVE);
  constexpr unsigned exchange = 2; // RENAME_EXCHANGE: linux/fs.h
  EXPECT_EQ(::syscall(SYS_renameat2, AT_FDCWD, "file", AT_FDCWD, "other", exchange), 0);
  EXPECT_EQ(events(), (Events{{here, IN_MOVED_FROM, "file"},
                              {here, IN_MOVED_TO, "other"},
                              {here, IN_MOVED_FROM, "other"},
                              {here, IN_MOVED_TO, "file"}}));
  EXPECT_EQ(cookies[0], cookies[1]);
  EXPECT_EQ(cookies[2], cookies[3]);
  EXPECT_NE(cookies[0], cookies[2]);
}

TEST_F(Notify, TellsWhichTimesWereSet) {
  make("file");
  const int here = watch("file", IN_ALL_EVENTS);
  const timespec both[] = {{1, 0}, {2, 0}};
  const timespec accessed[] = {{1, 0}, {0, UTIME_OMIT}};
  const timespec modified[] = {{0, UTIME_OMIT}, {1, 0}};
  for (const timespec* times : {both, accessed, modified})
    EXPECT_EQ(::utimensat(AT_FDCWD, "file", times, 0), 0);
  EXPECT_EQ(events(),
            (Events{{here, IN_ATTRIB, ""}, {here, IN_ACCESS, ""}, {here, IN_MODIFY, ""}}));
}

TEST_F(Notify, TellsOncePerRowOfEqualEvents) {
  make("file");
  const int here = watch(".", IN_MODIFY | IN_ATTRIB);
  const Descriptor file(::open("file", O_RDWR));
  for (int count = 0; count < 3; ++count)
    EXPECT_EQ(::write(file, "x", 1), 1);
  EXPECT_EQ(::fchmod(file, 0600), 0);
  EXPECT_EQ(::fallocate(file, 0, 0, 100), 0);
  EXPECT_EQ(::ftruncate(file, 0), 0);
  EXPECT_EQ(
      events(),
      (Events{{here, IN_MODIFY, "file"}, {here, IN_ATTRIB, "file"}, {here, IN_MODIFY, "file"}}));
}

TEST_F(Notify, WatchesANodeOnce) {
  make("file");
  const int first = watch("file", IN_ATTRIB);
  EXPECT_EQ(::link("file", "other"), 0);
  EXPECT_EQ(watch("other", IN_MODIFY), first) << "the same file";
  EXPECT_EQ(::truncate("file", 1), 0);
  EXPECT_EQ(::chmod("file", 0600), 0);
  EXPECT_EQ(events(), (Events{{first, IN_ATTRIB, ""}, {first, IN_MODIFY, ""}}))
      << "the second mask is in the place of the first";
  EXPECT_EQ(watch("file", IN_ATTRIB | IN_MASK_ADD), first);
  EXPECT_EQ(::truncate("file", 2), 0);
  EXPECT_EQ(::chmod("file", 0644), 0);
  EXPECT_EQ(events(), (Events{{first, IN_MODIFY, ""}, {first, IN_ATTRIB, ""}}));
  EXPECT_EQ(watch_answer("file", IN_ATTRIB | IN_MASK_CREATE), refusal(EEXIST));
  EXPECT_EQ(watch(".", IN_ATTRIB | IN_MASK_CREATE), first + 1);
}

TEST_F(Notify, EndsAWatch) {
  make("file");
  const int first = watch("file", IN_ATTRIB);
  EXPECT_EQ(::inotify_rm_watch(instance, first), 0);
  EXPECT_EQ(::chmod("file", 0600), 0);
  EXPECT_EQ(events(), (Events{{first, IN_IGNORED, ""}}));
  EXPECT_EQ(answer_of([&] { return ::inotify_rm_watch(instance, first); }), refusal(EINVAL));
  const int second = watch("file", IN_ATTRIB | IN_ONESHOT);
  EXPECT_GT(second, first) << "numbers are not used again";
  EXPECT_EQ(::chmod("file", 0600), 0);
  EXPECT_EQ(::chmod("file", 0644), 0);
  EXPECT_EQ(events(), (Events{{second, IN_ATTRIB, ""}, {second, IN_IGNORED, ""}}));
  const int third = watch(".", IN_ATTRIB | IN_ONESHOT);
  EXPECT_EQ(::chmod("file", 0600), 0);
  EXPECT_EQ(::chmod("file", 0644), 0);
  EXPECT_EQ(events(), (Events{{third, IN_ATTRIB, "file"}, {third, IN_IGNORED, ""}}));
}

TEST_F(Notify, TellsEachInstance) {
  make("file");
  const int here = watch(".", IN_ATTRIB);
  Descriptor other(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  EXPECT_NE(::fcntl(other, F_GETFD) & FD_CLOEXEC, 0);
  EXPECT_EQ(::inotify_add_watch(other, "file", IN_ATTRIB), 1);
  EXPECT_EQ(::chmod("file", 0600), 0);
  EXPECT_EQ(events(), (Events{{here, IN_ATTRIB, "file"}}));
  inotify_event event{};
  EXPECT_EQ(::read(other, &event, sizeof event), static_cast<ssize_t>(sizeof event));
  EXPECT_EQ(event.mask, std::uint32_t{IN_ATTRIB});
  other.reset();
  EXPECT_EQ(::chmod("file", 0644), 0);
  EXPECT_EQ(events(), (Events{{here, IN_ATTRIB, "file"}}));
}

TEST_F(Notify, RefusesWhatMakesNoSense) {
  make("file");
  ASSERT_EQ(::symlink("file", "link"), 0);
  EXPECT_EQ(watch_answer("none", IN_ATTRIB), refusal(ENOENT));
  EXPECT_EQ(watch_answer("", IN_ATTRIB), refusal(ENOENT));
  EXPECT_EQ(watch_answer("file/more", IN_ATTRIB), refusal(ENOTDIR));
  EXPECT_EQ(watch_answer("file", IN_ATTRIB | IN_ONLYDIR), refusal(ENOTDIR));
  EXPECT_EQ(watch_answer(reinterpret_cast<const char*>(16), IN_ATTRIB), refusal(EFAULT));
  EXPECT_EQ(watch_answer("file", 0), refusal(EINVAL));
  EXPECT_EQ(watch_answer("file", 0x10000), refusal(EINVAL));
  EXPECT_EQ(watch_answer("file", IN_ATTRIB | IN_MASK_ADD | IN_MASK_CREATE), refusal(EINVAL));
  EXPECT_EQ(answer_of([] { return ::inotify_init1(1); }), refusal(EINVAL));
  EXPECT_EQ(answer_of([] { return ::inotify_add_watch(-1, "file", IN_ATTRIB); }), refusal(EBADF));
  EXPECT_EQ(answer_of([] { return ::inotify_rm_watch(-1, 1); }), refusal(EBADF));
  const Descriptor file(::open("file", O_RDONLY));
  EXPECT_EQ(answer_of([&] { return ::inotify_add_watch(file, "file", IN_ATTRIB); }),
            refusal(EINVAL));
  EXPECT_EQ(answer_of([&] { return ::inotify_rm_watch(file, 1); }), refusal(EINVAL));
  EXPECT_EQ(answer_of([&] { return ::write(instance, "x", 1); }), refusal(EBADF));
  const int link = watch("link", IN_ATTRIB | IN_DONT_FOLLOW);
  const int target = watch("link", IN_ATTRIB);
  EXPECT_NE(link, target);
}

TEST_F(Notify, ReadsWholeRecords) {
  (void)watch(".", IN_CREATE | IN_DELETE);
  make("file");
  EXPECT_EQ(::unlink("file"), 0);
  std::array<char, 100> buffer{};
  const auto read = [&](std::size_t size) {
    return answer_of([&] { return ::read(instance, buffer.data(), size); });
  };
  constexpr long record = 2 * sizeof(inotify_event);
  int waiting = 0;
  ASSERT_EQ(::ioctl(instance, FIONREAD, &waiting), 0);
  EXPECT_EQ(waiting, 2 * record);
  EXPECT_EQ(read(record - 1), refusal(EINVAL)) << "there is no room for the first";
  EXPECT_EQ(read(2 * record - 1), (Answer{record, 0}));
  EXPECT_EQ(read(2 * record - 1), (Answer{record, 0}));
  EXPECT_EQ(read(2 * record - 1), refusal(EAGAIN));
  make("file");
  EXPECT_EQ(answer_of([&] { return ::read(instance, reinterpret_cast<void*>(16), 100); }),
            refusal(EFAULT));
}

TEST_F(Notify, MakesWhoWaitsReady) {
  (void)watch(".", IN_CREATE);
  const Descriptor epoll(::epoll_create1(0));
  epoll_event wanted{.events = EPOLLIN, .data = {.u32 = 7}};
  ASSERT_EQ(::epoll_ctl(epoll, EPOLL_CTL_ADD, instance, &wanted), 0);
  pollfd entry{.fd = instance, .events = POLLIN | POLLOUT, .revents = 0};
  EXPECT_EQ(::poll(&entry, 1, 0), 0);
  std::thread waiter([&] {
    epoll_event found{};
    EXPECT_EQ(::epoll_wait(epoll, &found, 1, -1), 1);
    EXPECT_EQ(found.data.u32, 7U);
  });
  std::this_thread::yield();
  make("file");
  waiter.join();
  EXPECT_EQ(::poll(&entry, 1, 0), 1);
  EXPECT_EQ(entry.revents, POLLIN);
}

TEST_F(Notify, BlocksUntilSomethingHappens) {
  (void)watch(".", IN_CREATE);
  ASSERT_EQ(::fcntl(instance, F_SETFL, 0), 0);
  std::thread waiter([&] {
    std::array<char, 100> buffer{};
    EXPECT_GT(::read(instance, buffer.data(), buffer.size()), 0);
  });
  std::this_thread::yield();
  make("file");
  waiter.join();
}

TEST_F(Notify, SaysThatMoreHappenedThanItKeeps) {
  make("file");
  make("other");
  const int here = watch(".", IN_ATTRIB);
  constexpr int kept = 16'384;
  for (int count = 0; count < kept + 10; ++count)
    EXPECT_EQ(::chmod(count % 2 == 0 ? "file" : "other", 0600), 0);
  const Events found = events();
  ASSERT_EQ(found.size(), kept + 1U);
  EXPECT_EQ(found[0], (Event{here, IN_ATTRIB, "file"}));
  EXPECT_EQ(found[kept], (Event{-1, IN_Q_OVERFLOW, ""}));
  EXPECT_EQ(::chmod("file", 0644), 0);
  EXPECT_EQ(events(), (Events{{here, IN_ATTRIB, "file"}})) << "it goes on";
}

TEST_F(Notify, TellsOfTransfersInTheKernel) {
  make("file", "text");
  make("other");
  const Descriptor from(::open("file", O_RDONLY));
  const Descriptor to(::open("other", O_WRONLY));
  const int here = watch(".", IN_ACCESS | IN_MODIFY);
  EXPECT_EQ(::copy_file_range(from, nullptr, to, nullptr, 4, 0), 4);
  const Events found = events();
  EXPECT_EQ(std::ranges::count(found, Event{here, IN_ACCESS, "file"}), 1);
  EXPECT_EQ(std::ranges::count(found, Event{here, IN_MODIFY, "other"}), 1);
}

} // namespace
} // namespace skerry::test
