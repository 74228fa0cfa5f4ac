// SPDX-License-Identifier: Apache-2.0
// splice(2), tee(2) and vmsplice(2).
#include "descriptor.hpp"
#include "memory_file.hpp"
#include "pipe_pair.hpp"
#include "system_call.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <string>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace skerry::test {
namespace {

constexpr std::size_t pipe_size = 65'536;

off_t position(int file) {
  return ::lseek(file, 0, SEEK_CUR);
}

Answer splice_of(int from, off_t* from_offset, int to, off_t* to_offset, std::size_t size,
                 unsigned flags = 0) {
  return answer_of([&] { return ::splice(from, from_offset, to, to_offset, size, flags); });
}

Answer splice_of(int from, int to, std::size_t size, unsigned flags = 0) {
  return splice_of(from, nullptr, to, nullptr, size, flags);
}

/// Numbers that differ from one another for some time.
std::vector<unsigned> pattern(std::size_t bytes) {
  std::vector<unsigned> numbers(bytes / sizeof(unsigned));
  for (std::size_t index = 0; index < numbers.size(); ++index)
    numbers[index] = static_cast<unsigned>(index * 2'654'435'761U);
  return numbers;
}

/// Ignores SIGPIPE for the time of a test.
class IgnoredBrokenPipe {
public:
  IgnoredBrokenPipe() : before_(std::signal(SIGPIPE, SIG_IGN)) {}
  ~IgnoredBrokenPipe() { (void)std::signal(SIGPIPE, before_); }

private:
  void (*before_)(int);
};

TEST(Splice, TakesFromTheFileWhereItIsToldTo) {
  const Descriptor file = file_with("0123456789");
  PipePair pipe;
  off_t offset = 6;
  EXPECT_EQ(splice_of(file, &offset, pipe.writer, nullptr, 3), (Answer{3, 0}));
  EXPECT_EQ(offset, 9);
  EXPECT_EQ(position(file), 0) << "the caller's offset stands for it";
  EXPECT_EQ(pipe.take(), "678");
  EXPECT_EQ(splice_of(file, pipe.writer, 4), (Answer{4, 0}));
  EXPECT_EQ(position(file), 4);
  EXPECT_EQ(splice_of(file, pipe.writer, 100), (Answer{6, 0})) << "to the end";
  EXPECT_EQ(splice_of(file, pipe.writer, 100), (Answer{0, 0})) << "at the end";
  EXPECT_EQ(pipe.take(), "0123456789");
}

TEST(Splice, PutsIntoTheFileWhereItIsToldTo) {
  const Descriptor file = file_with("..........");
  PipePair pipe;
  pipe.put("abcdefgh");
  off_t offset = 7;
  EXPECT_EQ(splice_of(pipe.reader, nullptr, file, &offset, 5), (Answer{5, 0}));
  EXPECT_EQ(offset, 12);
  EXPECT_EQ(position(file), 0);
  EXPECT_EQ(splice_of(pipe.reader, file, 100), (Answer{3, 0})) << "what there is";
  EXPECT_EQ(position(file), 3);
  EXPECT_EQ(contents(file), "fgh....abcde");
}

TEST(Splice, EndsWhereNobodyWrites) {
  const Descriptor file = file_with("");
  PipePair pipe;
  PipePair other;
  pipe.put("last");
  pipe.writer.reset();
  EXPECT_EQ(splice_of(pipe.reader, file, 100), (Answer{4, 0}));
  EXPECT_EQ(splice_of(pipe.reader, file, 100), (Answer{0, 0}));
  EXPECT_EQ(splice_of(pipe.reader, other.writer, 100), (Answer{0, 0}));
}

TEST(Splice, DoesNotWaitWhenItMayNot) {
  const Descriptor file = file_with("text");
  PipePair pipe;
  EXPECT_EQ(splice_of(pipe.reader, file, 1, SPLICE_F_NONBLOCK), refusal(EAGAIN));
  ASSERT_EQ(::fcntl(pipe.reader, F_SETFL, O_NONBLOCK), 0);
  EXPECT_EQ(splice_of(pipe.reader, file, 1), refusal(EAGAIN));
  pipe.put(std::string(pipe_size, 'x'));
  EXPECT_EQ(splice_of(file, pipe.writer, 1, SPLICE_F_NONBLOCK), refusal(EAGAIN));
  ASSERT_EQ(::fcntl(pipe.writer, F_SETFL, O_NONBLOCK), 0);
  EXPECT_EQ(splice_of(file, pipe.writer, 1), refusal(EAGAIN));
  EXPECT_EQ(position(file), 0) << "nothing was taken";
}

TEST(Splice, WaitsForBytesAndForRoom) {
  const Descriptor file = file_with("text");
  PipePair pipe;
  const Descriptor target = file_with("");
  std::thread taker([&] { EXPECT_EQ(splice_of(pipe.reader, target, 10), (Answer{5, 0})); });
  std::this_thread::yield();
  pipe.put("hello");
  taker.join();
  EXPECT_EQ(contents(target), "hello");
  pipe.put(std::string(pipe_size, 'x'));
  std::thread giver([&] { EXPECT_EQ(splice_of(file, pipe.writer, 4), (Answer{4, 0})); });
  std::this_thread::yield();
  EXPECT_EQ(pipe.take(pipe_size).size(), pipe_size);
  giver.join();
  EXPECT_EQ(pipe.take(), "text");
}

TEST(Splice, EndsWithASignal) {
  PipePair pipe;
  const Descriptor target = file_with("");
  struct sigaction action{};
  action.sa_handler = [](int) {};
  struct sigaction before{};
  ASSERT_EQ(::sigaction(SIGUSR1, &action, &before), 0);
  std::atomic<bool> is_over = false;
  std::thread taker([&] {
    EXPECT_EQ(splice_of(pipe.reader, target, 10), refusal(EINTR));
    is_over = true;
  });
  while (!is_over) {
    ::pthread_kill(taker.native_handle(), SIGUSR1);
    std::this_thread::yield();
  }
  taker.join();
  ASSERT_EQ(::sigaction(SIGUSR1, &before, nullptr), 0);
}

TEST(Splice, MovesBetweenPipes) {
  PipePair from;
  PipePair to;
  from.put("abcdef");
  EXPECT_EQ(splice_of(from.reader, to.writer, 4), (Answer{4, 0}));
  EXPECT_EQ(to.take(), "abcd");
  EXPECT_EQ(splice_of(from.reader, to.writer, 100), (Answer{2, 0}));
  EXPECT_EQ(to.take(), "ef");
  EXPECT_EQ(splice_of(from.reader, to.writer, 1, SPLICE_F_NONBLOCK), refusal(EAGAIN));
  EXPECT_EQ(splice_of(from.reader, from.writer, 1), refusal(EINVAL)) << "one pipe";
}

TEST(Splice, TellsWhoWaitsForBytes) {
  PipePair from;
  PipePair to;
  from.put("a");
  pollfd entry{.fd = to.reader, .events = POLLIN, .revents = 0};
  ASSERT_EQ(::poll(&entry, 1, 0), 0);
  std::thread waiter([&] { EXPECT_EQ(::poll(&entry, 1, -1), 1); });
  std::this_thread::yield();
  EXPECT_EQ(splice_of(from.reader, to.writer, 1), (Answer{1, 0}));
  waiter.join();
  EXPECT_EQ(entry.revents, POLLIN);
}

TEST(Splice, SaysThatNobodyReads) {
  const IgnoredBrokenPipe ignored;
  const Descriptor file = file_with("text");
  PipePair from;
  PipePair to;
  from.put("a");
  to.reader.reset();
  EXPECT_EQ(splice_of(file, to.writer, 1), refusal(EPIPE));
  EXPECT_EQ(splice_of(from.reader, to.writer, 1), refusal(EPIPE));
  EXPECT_EQ(answer_of([&] { return ::tee(from.reader, to.writer, 1, 0); }), refusal(EPIPE));
  EXPECT_EQ(from.take(), "a") << "it is still there";
  EXPECT_EQ(position(file), 0);
}

TEST(Splice, MovesFromAndToSockets) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
  const Descriptor one(ends[0]);
  Descriptor two(ends[1]);
  PipePair pipe;
  pipe.put("request");
  EXPECT_EQ(splice_of(pipe.reader, one, 100), (Answer{7, 0}));
  EXPECT_EQ(splice_of(two, pipe.writer, 100), (Answer{7, 0}));
  EXPECT_EQ(pipe.take(), "request");
  off_t offset = 0;
  EXPECT_EQ(splice_of(two, &offset, pipe.writer, nullptr, 1), refusal(EINVAL));
  ASSERT_EQ(::fcntl(two, F_SETFL, O_NONBLOCK), 0);
  EXPECT_EQ(splice_of(two, pipe.writer, 100), refusal(EAGAIN));
  const IgnoredBrokenPipe ignored;
  pipe.put("x");
  two.reset();
  EXPECT_EQ(splice_of(pipe.reader, one, 100), refusal(EPIPE));
}

TEST(Splice, LeavesInThePipeWhatTheSocketDoesNotTake) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()), 0);
  const Descriptor one(ends[0]);
  const Descriptor two(ends[1]);
  PipePair pipe(O_NONBLOCK);
  std::string sent;
  for (char letter = 'a';; ++letter) {
    ASSERT_LE(letter, 'z') << "a socket must be full at some time";
    const std::string text(50'000, letter);
    pipe.put(text);
    sent += text;
    const Answer answer = splice_of(pipe.reader, one, text.size());
    if (answer != Answer{50'000, 0})
      break;
  }
  std::string found;
  std::string part(pipe_size, '?');
  while (found.size() < sent.size()) {
    (void)splice_of(pipe.reader, one, pipe_size);
    const ssize_t count = ::read(two, part.data(), part.size());
    ASSERT_GT(count, 0);
    found.append(part, 0, static_cast<std::size_t>(count));
  }
  EXPECT_EQ(found, sent);
}

TEST(Splice, CarriesMegabytesThroughARing) {
  const auto numbers = pattern(3'000'000);
  const std::size_t size = numbers.size() * sizeof numbers[0];
  const Descriptor from(::memfd_create("from", 0));
  const Descriptor to(::memfd_create("to", 0));
  ASSERT_EQ(::write(from, numbers.data(), size), static_cast<ssize_t>(size));
  PipePair first;
  PipePair second;
  off_t offset = 0;
  std::thread filler([&] {
    while (::splice(from, &offset, first.writer, nullptr, 10'007, 0) > 0) {
    }
    first.writer.reset();
  });
  std::thread mover([&] {
    while (::splice(first.reader, nullptr, second.writer, nullptr, 7'919, 0) > 0) {
    }
    second.writer.reset();
  });
  while (::splice(second.reader, nullptr, to, nullptr, 100'000, 0) > 0) {
  }
  filler.join();
  mover.join();
  std::vector<unsigned> found(numbers.size());
  EXPECT_EQ(::pread(to, found.data(), size, 0), static_cast<ssize_t>(size));
  EXPECT_EQ(found, numbers);
}

TEST(Splice, RefusesWhatMakesNoSense) {
  const Descriptor file = file_with("text");
  const Descriptor other = file_with("");
  const Descriptor appended(::open("/tmp/appended", O_CREAT | O_WRONLY | O_APPEND, 0600));
  const Descriptor directory(::open("/tmp", O_RDONLY));
  const Descriptor events(::eventfd(1, 0));
  PipePair pipe;
  pipe.put("text");
  off_t offset = 0;
  off_t negative = -1;
  EXPECT_EQ(splice_of(file, other, 1), refusal(EINVAL)) << "no pipe";
  EXPECT_EQ(splice_of(file, pipe.writer, 1, 16), refusal(EINVAL));
  EXPECT_EQ(splice_of(-1, pipe.writer, 1), refusal(EBADF));
  EXPECT_EQ(splice_of(file, -1, 1), refusal(EBADF));
  EXPECT_EQ(splice_of(-1, -1, 0), (Answer{0, 0})) << "nothing is nothing";
  EXPECT_EQ(splice_of(pipe.writer, file, 1), refusal(EBADF)) << "the wrong end";
  EXPECT_EQ(splice_of(file, pipe.reader, 1), refusal(EBADF));
  EXPECT_EQ(splice_of(pipe.reader, &offset, file, nullptr, 1), refusal(ESPIPE));
  EXPECT_EQ(splice_of(file, nullptr, pipe.writer, &offset, 1), refusal(ESPIPE));
  EXPECT_EQ(splice_of(file, &negative, pipe.writer, nullptr, 1), refusal(EINVAL));
  EXPECT_EQ(splice_of(pipe.reader, appended, 1), refusal(EINVAL));
  EXPECT_EQ(splice_of(directory, pipe.writer, 1), refusal(EINVAL));
  EXPECT_EQ(splice_of(events, pipe.writer, 8), refusal(EINVAL));
  EXPECT_EQ(splice_of(pipe.reader, events, 4), refusal(EINVAL));
  EXPECT_EQ(pipe.take(), "text");
  EXPECT_EQ(::unlink("/tmp/appended"), 0);
}

TEST(Tee, CopiesWithoutTaking) {
  PipePair from;
  PipePair to;
  const auto tee_of = [&](std::size_t size, unsigned flags = 0) {
    return answer_of([&] { return ::tee(from.reader, to.writer, size, flags); });
  };
  EXPECT_EQ(tee_of(5, SPLICE_F_NONBLOCK), refusal(EAGAIN));
  from.put("abcdef");
  EXPECT_EQ(tee_of(4), (Answer{4, 0}));
  EXPECT_EQ(tee_of(100), (Answer{6, 0}));
  EXPECT_EQ(to.take(), "abcdabcdef");
  EXPECT_EQ(from.take(), "abcdef");
  from.writer.reset();
  EXPECT_EQ(tee_of(5), (Answer{0, 0}));
}

TEST(Tee, IsForTwoPipes) {
  const Descriptor file = file_with("text");
  PipePair pipe;
  PipePair other;
  pipe.put("x");
  const auto tee_of = [](int from, int to, std::size_t size, unsigned flags = 0) {
    return answer_of([&] { return ::tee(from, to, size, flags); });
  };
  EXPECT_EQ(tee_of(file, pipe.writer, 1), refusal(EINVAL));
  EXPECT_EQ(tee_of(pipe.reader, file, 1), refusal(EINVAL));
  EXPECT_EQ(tee_of(pipe.reader, pipe.writer, 1), refusal(EINVAL));
  EXPECT_EQ(tee_of(pipe.reader, other.writer, 1, 16), refusal(EINVAL));
  EXPECT_EQ(tee_of(pipe.writer, other.writer, 1), refusal(EBADF));
  EXPECT_EQ(tee_of(-1, other.writer, 1), refusal(EBADF));
  EXPECT_EQ(tee_of(pipe.reader, other.writer, 0), (Answer{0, 0}));
}

TEST(MemorySplice, GoesBothWays) {
  PipePair pipe;
  std::string first = "abc";
  std::string second = "defgh";
  const iovec from[] = {{first.data(), first.size()}, {second.data(), second.size()}};
  EXPECT_EQ(answer_of([&] { return ::vmsplice(pipe.writer, from, 2, 0); }), (Answer{8, 0}));
  std::string third(2, '?');
  std::string fourth(10, '?');
  const iovec to[] = {{third.data(), third.size()}, {fourth.data(), fourth.size()}};
  EXPECT_EQ(answer_of([&] { return ::vmsplice(pipe.reader, to, 2, 0); }), (Answer{8, 0}));
  EXPECT_EQ(third, "ab");
  EXPECT_EQ(fourth, "cdefgh????");
}

TEST(MemorySplice, FillsWhatRoomThereIs) {
  PipePair pipe;
  std::string text(100'000, 'x');
  const iovec piece{text.data(), text.size()};
  const auto splice = [&](int end) {
    return answer_of([&] { return ::vmsplice(end, &piece, 1, SPLICE_F_NONBLOCK); });
  };
  EXPECT_EQ(splice(pipe.reader), refusal(EAGAIN));
  const Answer filled = splice(pipe.writer);
  EXPECT_GT(filled.value, 50'000);
  EXPECT_LE(filled.value, static_cast<long>(pipe_size));
  EXPECT_EQ(splice(pipe.writer), refusal(EAGAIN));
  EXPECT_EQ(splice(pipe.reader), filled);
}

TEST(MemorySplice, RefusesWhatMakesNoSense) {
  const Descriptor file = file_with("text");
  PipePair pipe;
  char byte = 'x';
  const iovec piece{&byte, 1};
  const iovec bad{reinterpret_cast<void*>(16), 1};
  const auto splice = [](int end, const iovec* pieces, std::size_t count, unsigned flags = 0) {
    return answer_of([&] { return ::vmsplice(end, pieces, count, flags); });
  };
  EXPECT_EQ(splice(-1, &piece, 1), refusal(EBADF));
  EXPECT_EQ(splice(file, &piece, 1), refusal(EBADF));
  EXPECT_EQ(splice(pipe.writer, &piece, 1, 16), refusal(EINVAL));
  EXPECT_EQ(splice(pipe.writer, &piece, 2000), refusal(EINVAL));
  EXPECT_EQ(splice(pipe.writer, &bad, 1), refusal(EFAULT));
  EXPECT_EQ(splice(pipe.writer, nullptr, 0), (Answer{0, 0}));
}

} // namespace
} // namespace skerry::test
