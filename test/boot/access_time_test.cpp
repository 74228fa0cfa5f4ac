// SPDX-License-Identifier: Apache-2.0
// Who opens a file with O_NOATIME leaves no sign of reading it.
#include "descriptor.hpp"

#include <array>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace skerry::test {
namespace {

constexpr time_t long_ago = 1000;

class AccessTime : public testing::Test {
protected:
  AccessTime() {
    EXPECT_EQ(::write(file_, "text", 4), 4);
    set_back();
  }
  ~AccessTime() override { EXPECT_EQ(::unlink(path), 0); }

  void set_back() const {
    const std::array<timespec, 2> times{timespec{long_ago, 0}, timespec{long_ago, 0}};
    EXPECT_EQ(::futimens(file_, times.data()), 0);
  }
  [[nodiscard]] bool is_known_to_be_read() const {
    struct stat told{};
    EXPECT_EQ(::fstat(file_, &told), 0);
    return told.st_atime != long_ago;
  }

  static constexpr const char* path = "/tmp/access_time";

private:
  Descriptor file_{::open(path, O_CREAT | O_RDWR, 0600)};
};

TEST_F(AccessTime, IsSetByReading) {
  const Descriptor reader(::open(path, O_RDONLY));
  char letter = 0;
  EXPECT_FALSE(is_known_to_be_read());
  EXPECT_EQ(::read(reader, &letter, 1), 1);
  EXPECT_TRUE(is_known_to_be_read());
  set_back();
  EXPECT_EQ(::pread(reader, &letter, 1, 2), 1);
  EXPECT_TRUE(is_known_to_be_read());
}

TEST_F(AccessTime, StaysWhereReadersAskForIt) {
  const Descriptor reader(::open(path, O_RDONLY | O_NOATIME));
  EXPECT_EQ(::fcntl(reader, F_GETFL), O_RDONLY | O_NOATIME);
  char letter = 0;
  EXPECT_EQ(::read(reader, &letter, 1), 1);
  EXPECT_EQ(::pread(reader, &letter, 1, 2), 1);
  EXPECT_FALSE(is_known_to_be_read());
  EXPECT_EQ(::fcntl(reader, F_SETFL, 0), 0);
  EXPECT_EQ(::fcntl(reader, F_GETFL), O_RDONLY);
  EXPECT_EQ(::read(reader, &letter, 1), 1);
  EXPECT_TRUE(is_known_to_be_read());
  set_back();
  EXPECT_EQ(::fcntl(reader, F_SETFL, O_NOATIME), 0);
  EXPECT_EQ(::read(reader, &letter, 1), 1);
  EXPECT_FALSE(is_known_to_be_read());
}

} // namespace
} // namespace skerry::test
