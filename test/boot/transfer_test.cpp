// SPDX-License-Identifier: Apache-2.0
// What copy_file_range(2) and sendfile(2) refuse.
#include "descriptor.hpp"
#include "memory_file.hpp"
#include "pipe_pair.hpp"
#include "system_call.hpp"

#include <cstdint>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/sendfile.h>
#include <unistd.h>

namespace skerry::test {
namespace {

TEST(CopyFileRange, IsForRegularFilesOfOneFileSystem) {
  const Descriptor file = file_with("text");
  const Descriptor other = file_with("");
  const Descriptor directory(::open("/tmp", O_RDONLY));
  const Descriptor appended(::open("/tmp/appended", O_CREAT | O_RDWR | O_APPEND, 0600));
  PipePair pipe;
  const auto copy = [](int from, int to, std::size_t size, unsigned flags = 0) {
    return answer_of([&] { return ::copy_file_range(from, nullptr, to, nullptr, size, flags); });
  };
  EXPECT_EQ(copy(-1, other, 1), refusal(EBADF));
  EXPECT_EQ(copy(file, -1, 1), refusal(EBADF));
  EXPECT_EQ(copy(directory, other, 1), refusal(EISDIR));
  EXPECT_EQ(copy(file, directory, 1), refusal(EISDIR));
  EXPECT_EQ(copy(pipe.reader, other, 1), refusal(EINVAL));
  EXPECT_EQ(copy(file, pipe.writer, 1), refusal(EINVAL));
  EXPECT_EQ(copy(appended, appended, 1), refusal(EBADF));
  EXPECT_EQ(copy(file, other, 1, 2), refusal(EINVAL));
  off_t last = INT64_MAX;
  EXPECT_EQ(answer_of([&] { return ::copy_file_range(file, nullptr, other, &last, 4, 0); }),
            refusal(EFBIG));
  EXPECT_EQ(copy(file, other, ~std::size_t{0}), (Answer{4, 0})) << "to the end";
  EXPECT_EQ(contents(other), "text");
  EXPECT_EQ(::unlink("/tmp/appended"), 0);
}

TEST(SendFile, RefusesWhatMakesNoSense) {
  const Descriptor file = file_with("text");
  const Descriptor target = file_with("");
  const Descriptor directory(::open("/tmp", O_RDONLY));
  PipePair pipe;
  off_t offset = 0;
  const auto send = [](int to, int from, off_t* offset, std::size_t size) {
    return answer_of([&] { return ::sendfile(to, from, offset, size); });
  };
  EXPECT_EQ(send(target, pipe.reader, &offset, 1), refusal(ESPIPE));
  EXPECT_EQ(send(target, pipe.reader, nullptr, 1), refusal(EINVAL));
  EXPECT_EQ(send(target, directory, nullptr, 1), refusal(EINVAL));
  EXPECT_EQ(send(pipe.reader, file, nullptr, 1), refusal(EBADF));
  EXPECT_EQ(send(target, file, nullptr, ~std::size_t{0}), refusal(EINVAL));
  EXPECT_EQ(send(target, file, reinterpret_cast<off_t*>(16), 1), refusal(EFAULT));
}

} // namespace
} // namespace skerry::test
