// SPDX-License-Identifier: Apache-2.0
// Locks on ranges of files: those of the process and those of open files (fcntl(2)), and flock(2).
#include "descriptor.hpp"
#include "system_call.hpp"

#include <atomic>
#include <cstring>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <string>
#include <sys/file.h>
#include <thread>
#include <unistd.h>

namespace skerry::test {
namespace {

/// A file of its own, which is gone afterwards.
class Locks : public testing::Test {
protected:
  Locks() : one(open_again()), two(open_again()) {}
  ~Locks() override { ::unlink(path); }

  static int open_again(int flags = O_CREAT | O_RDWR) { return ::open(path, flags, 0600); }

  static struct flock range(short kind, off_t start, off_t size, short whence = SEEK_SET) {
    struct flock lock{};
    lock.l_type = kind;
    lock.l_whence = whence;
    lock.l_start = start;
    lock.l_len = size;
    return lock;
  }

  static Answer act(int file, int command, struct flock lock) {
    return answer_of([&] { return ::fcntl(file, command, &lock); });
  }

  static Answer lock(int file, short kind, off_t start, off_t size) {
    return act(file, F_OFD_SETLK, range(kind, start, size));
  }

  /// What would be in the way of an exclusive lock of `file` on the range: "w 3+4", or "" for
  /// nothing. A size of 0 goes to the end of all offsets.
  static std::string in_the_way(int file, off_t start, off_t size, int command = F_OFD_GETLK) {
    struct flock asked = range(F_WRLCK, start, size);
    EXPECT_EQ(::fcntl(file, command, &asked), 0) << std::strerror(errno);
    if (asked.l_type == F_UNLCK)
      return "";
    EXPECT_EQ(asked.l_whence, SEEK_SET);
    return (asked.l_type == F_WRLCK ? "w " : "r ") + std::to_string(asked.l_start) + "+" +
           std::to_string(asked.l_len);
  }

  static constexpr const char* path = "/tmp/locked";
  Descriptor one;
  Descriptor two;
};

const Answer done{0, 0};

TEST_F(Locks, OfOpenFilesConflict) {
  EXPECT_EQ(lock(one, F_WRLCK, 10, 10), done);
  EXPECT_EQ(lock(two, F_WRLCK, 19, 1), refusal(EAGAIN));
  EXPECT_EQ(lock(two, F_RDLCK, 0, 11), refusal(EAGAIN));
  EXPECT_EQ(lock(two, F_RDLCK, 0, 10), done);
  EXPECT_EQ(lock(two, F_WRLCK, 20, 0), done);
  EXPECT_EQ(lock(one, F_RDLCK, 0, 5), done) << "both read";
  EXPECT_EQ(lock(one, F_WRLCK, 0, 5), refusal(EAGAIN));
  EXPECT_EQ(in_the_way(two, 15, 0), "w 10+10");
  EXPECT_EQ(in_the_way(two, 0, 10), "r 0+5");
  EXPECT_EQ(in_the_way(two, 20, 100), "");
}

TEST_F(Locks, OfOneOpenFileChange) {
  const Descriptor copy(::dup(one));
  EXPECT_EQ(lock(one, F_WRLCK, 0, 10), done);
  EXPECT_EQ(lock(copy, F_RDLCK, 0, 10), done) << "the same open file";
  EXPECT_EQ(lock(two, F_RDLCK, 0, 10), done);
  EXPECT_EQ(lock(two, F_UNLCK, 0, 0), done);
  EXPECT_EQ(in_the_way(two, 0, 0), "r 0+10");
}

TEST_F(Locks, AreSplitAndJoined) {
  EXPECT_EQ(lock(one, F_WRLCK, 0, 30), done);
  EXPECT_EQ(lock(one, F_UNLCK, 10, 10), done);
  EXPECT_EQ(in_the_way(two, 0, 15), "w 0+10");
  EXPECT_EQ(in_the_way(two, 10, 10), "");
  EXPECT_EQ(in_the_way(two, 15, 0), "w 20+10");
  EXPECT_EQ(lock(one, F_RDLCK, 5, 3), done) << "another kind in the middle";
  EXPECT_EQ(in_the_way(two, 0, 5), "w 0+5");
  EXPECT_EQ(in_the_way(two, 5, 3), "r 5+3");
  EXPECT_EQ(in_the_way(two, 8, 7), "w 8+2");
  EXPECT_EQ(lock(one, F_WRLCK, 5, 15), done) << "closes all gaps";
  EXPECT_EQ(in_the_way(two, 25, 1), "w 0+30");
  EXPECT_EQ(lock(one, F_WRLCK, 30, 0), done) << "touches what there is";
  EXPECT_EQ(in_the_way(two, 1'000'000, 1), "w 0+0");
  EXPECT_EQ(lock(one, F_UNLCK, 0, 5), done);
  EXPECT_EQ(in_the_way(two, 0, 0), "w 5+0");
  EXPECT_EQ(lock(one, F_UNLCK, 10, 0), done);
  EXPECT_EQ(in_the_way(two, 0, 0), "w 5+5");
  EXPECT_EQ(lock(one, F_UNLCK, 0, 0), done);
  EXPECT_EQ(in_the_way(two, 0, 0), "");
}

TEST_F(Locks, CountFromWhereTheyAreToldTo) {
  ASSERT_EQ(::ftruncate(one, 100), 0);
  ASSERT_EQ(::lseek(one, 40, SEEK_SET), 40);
  EXPECT_EQ(act(one, F_OFD_SETLK, range(F_WRLCK, 2, 3, SEEK_CUR)), done);
  EXPECT_EQ(in_the_way(two, 0, 0), "w 42+3");
  EXPECT_EQ(lock(one, F_UNLCK, 0, 0), done);
  EXPECT_EQ(act(one, F_OFD_SETLK, range(F_WRLCK, -10, 5, SEEK_END)), done);
  EXPECT_EQ(in_the_way(two, 0, 0), "w 90+5");
  EXPECT_EQ(lock(one, F_UNLCK, 0, 0), done);
  EXPECT_EQ(lock(one, F_WRLCK, 50, -20), done) << "what lies before";
  EXPECT_EQ(in_the_way(two, 0, 0), "w 30+20");
}

TEST_F(Locks, OfOpenFilesGoWithThem) {
  EXPECT_EQ(lock(two, F_WRLCK, 0, 0), done);
  Descriptor copy(::dup(two));
  two.reset();
  EXPECT_EQ(lock(one, F_RDLCK, 0, 1), refusal(EAGAIN)) << "it is open still";
  copy.reset();
  EXPECT_EQ(lock(one, F_RDLCK, 0, 1), done);
}

TEST_F(Locks, OfTheProcessDoNotConflictWithEachOther) {
  EXPECT_EQ(act(one, F_SETLK, range(F_WRLCK, 0, 10)), done);
  EXPECT_EQ(act(two, F_SETLK, range(F_WRLCK, 5, 10)), done);
  EXPECT_EQ(in_the_way(two, 0, 0, F_GETLK), "");
  EXPECT_EQ(::lockf(two, F_TLOCK, 10), 0);
  EXPECT_EQ(::lockf(two, F_TEST, 10), 0);
}

TEST_F(Locks, OfTheProcessConflictWithThoseOfOpenFiles) {
  EXPECT_EQ(act(one, F_SETLK, range(F_WRLCK, 0, 10)), done);
  EXPECT_EQ(lock(one, F_WRLCK, 5, 1), refusal(EAGAIN));
  struct flock found = range(F_WRLCK, 5, 1);
  ASSERT_EQ(::fcntl(one, F_OFD_GETLK, &found), 0);
  EXPECT_EQ(found.l_type, F_WRLCK);
  EXPECT_EQ(found.l_start, 0);
  EXPECT_EQ(found.l_len, 10);
  EXPECT_EQ(found.l_pid, ::getpid());
  EXPECT_EQ(lock(two, F_RDLCK, 10, 10), done);
  EXPECT_EQ(act(one, F_SETLK, range(F_WRLCK, 19, 1)), refusal(EAGAIN));
  found = range(F_WRLCK, 0, 0);
  ASSERT_EQ(::fcntl(one, F_GETLK, &found), 0);
  EXPECT_EQ(found.l_type, F_RDLCK);
  EXPECT_EQ(found.l_pid, -1) << "an open file is no process";
}

TEST_F(Locks, OfTheProcessGoWithAnyDescriptorOfTheFile) {
  const auto lock_it = [&] {
    EXPECT_EQ(act(one, F_SETLK, range(F_WRLCK, 0, 0)), done);
    EXPECT_EQ(in_the_way(two, 0, 0), "w 0+0");
  };
  lock_it();
  Descriptor(open_again(O_RDONLY)).reset();
  EXPECT_EQ(in_the_way(two, 0, 0), "");
  lock_it();
  Descriptor(::dup(one)).reset();
  EXPECT_EQ(in_the_way(two, 0, 0), "");
  lock_it();
  const Descriptor other(open_again(O_RDONLY));
  const Descriptor null(::open("/dev/null", O_RDONLY));
  EXPECT_EQ(in_the_way(two, 0, 0), "w 0+0");
  EXPECT_EQ(::dup2(null, other), other);
  EXPECT_EQ(in_the_way(two, 0, 0), "");
}

TEST_F(Locks, WaitUntilTheyAreFree) {
  for (const int command : {F_OFD_SETLKW, F_SETLKW}) {
    EXPECT_EQ(lock(one, F_WRLCK, 0, 10), done);
    std::atomic<bool> has_lock = false;
    std::thread waiter([&] {
      EXPECT_EQ(act(two, command, range(F_WRLCK, 9, 10)), done);
      has_lock = true;
    });
    std::this_thread::yield();
    EXPECT_EQ(lock(one, F_UNLCK, 0, 5), done);
    std::this_thread::yield();
    EXPECT_FALSE(has_lock);
    EXPECT_EQ(lock(one, F_RDLCK, 5, 4), done);
    EXPECT_EQ(lock(one, F_UNLCK, 9, 1), done);
    waiter.join();
    EXPECT_EQ(in_the_way(one, 9, 1), "w 9+10");
    EXPECT_EQ(lock(one, F_UNLCK, 0, 0), done);
    EXPECT_EQ(act(two, command, range(F_UNLCK, 0, 0)), done);
  }
}

TEST_F(Locks, WaitUntilASignalComes) {
  struct sigaction action{};
  action.sa_handler = [](int) {};
  struct sigaction before{};
  ASSERT_EQ(::sigaction(SIGUSR1, &action, &before), 0);
  EXPECT_EQ(lock(one, F_WRLCK, 0, 0), done);
  std::atomic<bool> is_over = false;
  std::thread waiter([&] {
    EXPECT_EQ(act(two, F_OFD_SETLKW, range(F_WRLCK, 0, 0)), refusal(EINTR));
    is_over = true;
  });
  while (!is_over) {
    ::pthread_kill(waiter.native_handle(), SIGUSR1);
    std::this_thread::yield();
  }
  waiter.join();
  EXPECT_EQ(in_the_way(one, 0, 0), "") << "the other has got none";
  ASSERT_EQ(::sigaction(SIGUSR1, &before, nullptr), 0);
}

TEST_F(Locks, NeedTheRightToDoWhatTheyAreFor) {
  const Descriptor reader(open_again(O_RDONLY));
  const Descriptor writer(open_again(O_WRONLY));
  const Descriptor place(open_again(O_PATH));
  for (const int command : {F_SETLK, F_OFD_SETLK, F_SETLKW, F_OFD_SETLKW}) {
    EXPECT_EQ(act(reader, command, range(F_WRLCK, 0, 1)), refusal(EBADF));
    EXPECT_EQ(act(writer, command, range(F_RDLCK, 0, 1)), refusal(EBADF));
    EXPECT_EQ(act(place, command, range(F_RDLCK, 0, 1)), refusal(EBADF));
    EXPECT_EQ(act(place, command, range(F_UNLCK, 0, 1)), refusal(EBADF));
    EXPECT_EQ(act(-1, command, range(F_RDLCK, 0, 1)), refusal(EBADF));
  }
  EXPECT_EQ(act(place, F_GETLK, range(F_WRLCK, 0, 1)), refusal(EBADF));
  EXPECT_EQ(act(reader, F_GETLK, range(F_WRLCK, 0, 1)), done) << "to ask is free";
}

TEST_F(Locks, RefuseWhatCannotBe) {
  for (const int command : {F_SETLK, F_OFD_SETLK, F_GETLK, F_OFD_GETLK}) {
    EXPECT_EQ(act(one, command, range(7, 0, 1)), refusal(EINVAL));
    EXPECT_EQ(act(one, command, range(F_RDLCK, 0, 1, 9)), refusal(EINVAL));
    EXPECT_EQ(act(one, command, range(F_RDLCK, -1, 1)), refusal(EINVAL));
    EXPECT_EQ(act(one, command, range(F_RDLCK, 5, -6)), refusal(EINVAL));
    EXPECT_EQ(act(one, command, range(F_RDLCK, INT64_MAX, 2)), refusal(EOVERFLOW));
    EXPECT_EQ(answer_of([&] { return ::fcntl(one, command, 16); }), refusal(EFAULT));
  }
  EXPECT_EQ(act(one, F_GETLK, range(F_UNLCK, 0, 1)), refusal(EINVAL));
  struct flock of_a_process = range(F_RDLCK, 0, 1);
  of_a_process.l_pid = 1;
  EXPECT_EQ(act(one, F_OFD_SETLK, of_a_process), refusal(EINVAL));
  EXPECT_EQ(act(one, F_OFD_GETLK, of_a_process), refusal(EINVAL));
  EXPECT_EQ(act(one, F_SETLK, of_a_process), done) << "which the others do not look at";
}

TEST_F(Locks, OfWholeFilesAreOthers) {
  EXPECT_EQ(answer_of([&] { return ::flock(one, LOCK_EX); }), done);
  EXPECT_EQ(lock(two, F_WRLCK, 0, 0), done) << "flock() and fcntl() know nothing of each other";
  const Descriptor place(open_again(O_PATH));
  EXPECT_EQ(answer_of([&] { return ::flock(place, LOCK_SH); }), refusal(EBADF));
  EXPECT_EQ(answer_of([&] { return ::flock(one, 0); }), refusal(EINVAL));
  EXPECT_EQ(answer_of([&] { return ::flock(-1, LOCK_SH); }), refusal(EBADF));
}

} // namespace
} // namespace skerry::test
