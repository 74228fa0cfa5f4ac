// SPDX-License-Identifier: Apache-2.0
// Each call that moves bytes or changes descriptors, by its own number.
#include "test/boot/memory_file.hpp"
#include "test/boot/pipe_pair.hpp"
#include "test/boot/system_call.hpp"
#include "test/truth/guest/raw_call.hpp"

#include <array>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>

namespace skerry::test {
namespace {

/// Two pieces of two and three bytes.
class Pieces {
public:
  explicit Pieces(std::string_view text = ".....") {
    text.copy(first.data(), 2);
    text.substr(2).copy(second.data(), 3);
  }
  [[nodiscard]] const iovec* get() const { return vectors.data(); }
  [[nodiscard]] std::string text() const {
    return {first[0], first[1], second[0], second[1], second[2]};
  }

private:
  std::array<char, 2> first{};
  std::array<char, 3> second{};
  std::array<iovec, 2> vectors{iovec{first.data(), 2}, iovec{second.data(), 3}};
};

bool is_open(int descriptor) {
  return ::fcntl(descriptor, F_GETFD) != -1;
}

TEST(ByteCalls, MoveThePosition) {
  const Descriptor file(file_with(""));
  EXPECT_EQ(raw(SYS_write, file, "abc", 3), 3);
  EXPECT_EQ(raw(SYS_writev, file, Pieces("defgh").get(), 2), 5);
  EXPECT_EQ(contents(file), "abcdefgh");
  EXPECT_EQ(raw(SYS_lseek, file, 0, SEEK_CUR), 8);
  EXPECT_EQ(raw(SYS_lseek, file, 1, SEEK_SET), 1);
  std::array<char, 2> text{};
  EXPECT_EQ(raw(SYS_read, file, text.data(), text.size()), 2);
  EXPECT_EQ(std::string_view(text.data(), 2), "bc");
  const Pieces pieces;
  EXPECT_EQ(raw(SYS_readv, file, pieces.get(), 2), 5);
  EXPECT_EQ(pieces.text(), "defgh");
}

TEST(ByteCalls, WithAnOffsetLeaveThePosition) {
  const Descriptor file(file_with("0123456789"));
  EXPECT_EQ(raw(SYS_pwrite64, file, "ab", 2, 1), 2);
  EXPECT_EQ(raw(SYS_pwritev, file, Pieces("cdefg").get(), 2, 3), 5);
  EXPECT_EQ(contents(file), "0abcdefg89");
  EXPECT_EQ(raw(SYS_pwritev2, file, Pieces("hijkl").get(), 2, 8, 0, 0), 5);
  EXPECT_EQ(contents(file), "0abcdefghijkl");
  std::array<char, 2> text{};
  EXPECT_EQ(raw(SYS_pread64, file, text.data(), text.size(), 2), 2);
  EXPECT_EQ(std::string_view(text.data(), 2), "bc");
  const Pieces pieces;
  EXPECT_EQ(raw(SYS_preadv, file, pieces.get(), 2, 1), 5);
  EXPECT_EQ(pieces.text(), "abcde");
  EXPECT_EQ(raw(SYS_preadv2, file, pieces.get(), 2, 8, 0, 0), 5);
  EXPECT_EQ(pieces.text(), "hijkl");
  EXPECT_EQ(raw(SYS_lseek, file, 0, SEEK_CUR), 0);
}

TEST(ByteCalls, RefuseFlagsThatTheyDoNotHave) {
  const Descriptor file(file_with("0123456789"));
  const Pieces pieces;
  constexpr int append = 0x10; // RWF_APPEND
  for (const long number : {SYS_preadv2, SYS_pwritev2})
    EXPECT_EQ(answer_of([&] { return raw(number, file, pieces.get(), 2, 0, 0, append); }),
              refusal(EOPNOTSUPP));
  EXPECT_EQ(contents(file), "0123456789");
}

TEST(DescriptorCalls, CopyWhatIsOpen) {
  const Descriptor file(file_with("0123456789"));
  const Descriptor copy(static_cast<int>(raw(SYS_dup, file)));
  EXPECT_NE(copy, file);
  EXPECT_EQ(::lseek(file, 4, SEEK_SET), 4);
  EXPECT_EQ(::lseek(copy, 0, SEEK_CUR), 4) << "it is the same open file";
  const Descriptor second(static_cast<int>(raw(SYS_dup2, file, 100)));
  EXPECT_EQ(second, 100);
  EXPECT_EQ(contents(100), "0123456789");
  const Descriptor third(static_cast<int>(raw(SYS_dup3, file, 101, O_CLOEXEC)));
  EXPECT_EQ(third, 101);
  EXPECT_EQ(raw(SYS_fcntl, 101, F_GETFD), FD_CLOEXEC);
  EXPECT_EQ(raw(SYS_fcntl, 100, F_GETFD), 0);
  const Descriptor fourth(static_cast<int>(raw(SYS_fcntl, file, F_DUPFD, 102)));
  EXPECT_EQ(contents(fourth), "0123456789");
}

TEST(DescriptorCalls, CloseWhatIsOpen) {
  const Descriptor file(file_with("text"));
  for (int number = 100; number < 105; ++number)
    ASSERT_EQ(::dup2(file, number), number);
  EXPECT_EQ(raw(SYS_close, 100), 0);
  EXPECT_FALSE(is_open(100));
  constexpr unsigned on_exec = 4; // CLOSE_RANGE_CLOEXEC
  constexpr unsigned unshare = 2; // CLOSE_RANGE_UNSHARE
  EXPECT_EQ(answer_of([&] { return raw(SYS_close_range, 101, 102, unshare); }), refusal(EINVAL));
  EXPECT_EQ(raw(SYS_close_range, 101, 102, on_exec), 0);
  EXPECT_EQ(::fcntl(101, F_GETFD), FD_CLOEXEC);
  EXPECT_EQ(raw(SYS_close_range, 101, 103, 0), 0);
  EXPECT_FALSE(is_open(101));
  EXPECT_FALSE(is_open(103));
  EXPECT_TRUE(is_open(104));
  EXPECT_EQ(raw(SYS_close, 104), 0);
  EXPECT_EQ(answer_of([] { return raw(SYS_close, 104); }), refusal(EBADF));
}

TEST(DescriptorCalls, ChangeHowAFileIsRead) {
  PipePair pipe;
  std::array<char, 8> text{};
  int count = 7;
  pipe.put("abc");
  EXPECT_EQ(raw(SYS_ioctl, pipe.reader, FIONREAD, &count), 0);
  EXPECT_EQ(count, 3);
  EXPECT_EQ(pipe.take(), "abc");
  const int yes = 1;
  EXPECT_EQ(raw(SYS_ioctl, pipe.reader, FIONBIO, &yes), 0);
  EXPECT_EQ(answer_of([&] { return ::read(pipe.reader, text.data(), text.size()); }),
            refusal(EAGAIN));
  EXPECT_EQ(raw(SYS_fcntl, pipe.reader, F_GETFL), O_RDONLY | O_NONBLOCK);
}

TEST(TransferCalls, MoveBytesBetweenFiles) {
  const Descriptor from(file_with("0123456789"));
  const Descriptor to(file_with(""));
  off_t at = 2;
  EXPECT_EQ(raw(SYS_sendfile, to, from, &at, 3), 3);
  EXPECT_EQ(at, 5);
  EXPECT_EQ(contents(to), "234");
  off_t target = 3;
  EXPECT_EQ(raw(SYS_copy_file_range, from, &at, to, &target, 4, 0), 4);
  EXPECT_EQ(contents(to), "2345678");
}

TEST(TransferCalls, MoveBytesThroughPipes) {
  PipePair one;
  PipePair other;
  const Descriptor file(file_with("0123456789"));
  off_t at = 1;
  EXPECT_EQ(raw(SYS_splice, file, &at, one.writer, nullptr, 3, 0), 3);
  EXPECT_EQ(raw(SYS_tee, one.reader, other.writer, 10, 0), 3);
  EXPECT_EQ(other.take(), "123");
  EXPECT_EQ(one.take(), "123");
  EXPECT_EQ(raw(SYS_vmsplice, one.writer, Pieces("abcde").get(), 2, 0), 5);
  EXPECT_EQ(one.take(), "abcde");
}

} // namespace
} // namespace skerry::test
