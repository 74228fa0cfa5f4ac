// SPDX-License-Identifier: Apache-2.0
#include "../mm/world.hpp"
#include "counted_file.hpp"
#include "src/posix/calls.hpp"
#include "src/posix/descriptors.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

namespace skerry::posix {
namespace {

using CountedFile = test::CountedFile<int>;

class Descriptors : public testing::Test {
protected:
  Descriptors() { mm::test::World::get(); }
  ~Descriptors() override {
    EXPECT_TRUE(sys_close_range(0, ~0U, 0).has_value());
    set_descriptor_limits({});
    EXPECT_EQ(alive, 0);
  }
  fs::FileReference make(unsigned flags = fs::open_flag::read_write) {
    return fs::FileReference::adopt(new CountedFile(alive, flags));
  }
  int alive = 0;
};

TEST_F(Descriptors, AreTheLowestFreeNumbers) {
  for (int i = 0; i < 200; ++i)
    EXPECT_EQ(open_descriptor(make(), false), i);
  for (const int number : {150, 3, 64}) {
    EXPECT_TRUE(close_descriptor(number).has_value());
  }
  EXPECT_EQ(open_descriptor(make(), false), 3);
  EXPECT_EQ(open_descriptor(make(), false), 64);
  EXPECT_EQ(open_descriptor(make(), false, 151), 200);
  EXPECT_EQ(open_descriptor(make(), false), 150);
  EXPECT_EQ(alive, 201);
}

TEST_F(Descriptors, StayBelowTheLimit) {
  set_descriptor_limits({.soft = 70});
  for (int i = 0; i < 70; ++i)
    EXPECT_EQ(open_descriptor(make(), false), i);
  EXPECT_EQ(open_descriptor(make(), false), fail(std::errc::too_many_files_open));
  EXPECT_EQ(alive, 70);
  set_descriptor_limits({.soft = 2000});
  EXPECT_EQ(open_descriptor(make(), false), 70);
  EXPECT_EQ(sys_dup2(0, 1999), 1999);
  EXPECT_EQ(sys_dup2(0, 2000), fail(std::errc::bad_file_descriptor));
  set_descriptor_limits({.soft = 10});
  EXPECT_TRUE(find_file(1999).has_value()); // what is open stays
}

TEST_F(Descriptors, KeepFilesAliveForThoseWhoUseThem) {
  ASSERT_EQ(open_descriptor(make(), false), 0);
  {
    const auto held = find_file(0);
    ASSERT_TRUE(close_descriptor(0).has_value());
    EXPECT_EQ(alive, 1);
    EXPECT_EQ(find_file(0).error(), std::errc::bad_file_descriptor);
  }
  EXPECT_EQ(alive, 0);
}

TEST_F(Descriptors, ThatNeverWereAreRefused) {
  for (const int number : {-1, 0, 1023, max_descriptors, max_descriptors + 1, INT_MAX, INT_MIN}) {
    EXPECT_EQ(find_file(number).error(), std::errc::bad_file_descriptor);
    EXPECT_EQ(close_descriptor(number).error(), std::errc::bad_file_descriptor);
    EXPECT_EQ(sys_fcntl(number, F_GETFD, 0), fail(std::errc::bad_file_descriptor));
  }
}

TEST_F(Descriptors, ReplaceWhatIsThere) {
  ASSERT_EQ(open_descriptor(make(), false), 0);
  ASSERT_EQ(open_descriptor(make(), true), 1);
  EXPECT_EQ(sys_dup2(0, 1), 1);
  EXPECT_EQ(alive, 1);
  EXPECT_EQ(sys_fcntl(1, F_GETFD, 0), 0);
  EXPECT_EQ(sys_dup2(1, 1), 1);
  EXPECT_EQ(sys_dup2(5, 5), fail(std::errc::bad_file_descriptor));
  EXPECT_EQ(sys_dup3(1, 1, 0), fail(std::errc::invalid_argument));
  EXPECT_EQ(sys_dup3(0, 7, O_CLOEXEC), 7);
  EXPECT_EQ(sys_fcntl(7, F_GETFD, 0), FD_CLOEXEC);
  EXPECT_EQ(sys_dup3(0, 8, O_APPEND), fail(std::errc::invalid_argument));
  EXPECT_EQ(sys_dup2(0, -1), fail(std::errc::bad_file_descriptor));
}

TEST_F(Descriptors, HaveFlagsOfTheirOwnAndOfTheFile) {
  ASSERT_EQ(open_descriptor(make(fs::open_flag::write_only), false), 0);
  EXPECT_EQ(sys_fcntl(0, F_DUPFD_CLOEXEC, 10), 10);
  EXPECT_EQ(sys_fcntl(10, F_GETFD, 0), FD_CLOEXEC);
  EXPECT_EQ(sys_fcntl(0, F_GETFD, 0), 0);
  EXPECT_EQ(sys_fcntl(0, F_SETFL, O_NONBLOCK | O_APPEND | O_RDWR), 0);
  EXPECT_EQ(sys_fcntl(10, F_GETFL, 0), O_WRONLY | O_NONBLOCK | O_APPEND);
  EXPECT_EQ(sys_fcntl(10, F_SETFL, 0), 0);
  EXPECT_EQ(sys_fcntl(0, F_GETFL, 0), O_WRONLY);
  EXPECT_EQ(sys_fcntl(0, F_DUPFD, static_cast<std::uint64_t>(-1)),
            fail(std::errc::invalid_argument));
  EXPECT_EQ(sys_fcntl(0, F_DUPFD, default_descriptors), fail(std::errc::invalid_argument));
  EXPECT_EQ(sys_fcntl(0, 12345, 0), fail(std::errc::invalid_argument));
}

TEST_F(Descriptors, AreReadAndWrittenAsTheyWereOpened) {
  ASSERT_EQ(open_descriptor(make(fs::open_flag::write_only), false), 0);
  ASSERT_EQ(open_descriptor(make(fs::open_flag::read_only), false), 1);
  ASSERT_EQ(open_descriptor(make(fs::open_flag::path_only), false), 2);
  EXPECT_EQ(sys_read(0, 0, 1), fail(std::errc::bad_file_descriptor));
  EXPECT_EQ(sys_write(1, 0, 1), fail(std::errc::bad_file_descriptor));
  EXPECT_EQ(sys_read(2, 0, 1), fail(std::errc::bad_file_descriptor));
  EXPECT_EQ(sys_write(2, 0, 1), fail(std::errc::bad_file_descriptor));
  EXPECT_EQ(sys_pread64(1, 0, 1, -1), fail(std::errc::invalid_argument));
  EXPECT_EQ(sys_pread64(1, 0, 1, 0), fail(std::errc::invalid_seek));
  EXPECT_EQ(sys_lseek(1, 0, SEEK_SET), fail(std::errc::invalid_seek));
}

TEST_F(Descriptors, CloseInRanges) {
  for (int i = 0; i < 130; ++i)
    ASSERT_EQ(open_descriptor(make(), false), i);
  EXPECT_EQ(sys_close_range(63, 65, 0), 0);
  EXPECT_EQ(alive, 127);
  EXPECT_EQ(sys_close_range(100, ~0U, 1U << 2), 0);
  EXPECT_EQ(sys_fcntl(99, F_GETFD, 0), 0);
  EXPECT_EQ(sys_fcntl(100, F_GETFD, 0), FD_CLOEXEC);
  EXPECT_EQ(sys_fcntl(129, F_GETFD, 0), FD_CLOEXEC);
  EXPECT_EQ(sys_close_range(3, 2, 0), fail(std::errc::invalid_argument));
  EXPECT_EQ(sys_close_range(0, 1, 1), fail(std::errc::invalid_argument));
}

} // namespace
} // namespace skerry::posix
