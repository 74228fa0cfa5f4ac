// SPDX-License-Identifier: Apache-2.0
// Standard output and error: descriptors 1 and 2 lead to the console.
#include "system_call.hpp"

#include <cstdio>
#include <gtest/gtest.h>
#include <string>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

namespace skerry::test {
namespace {

const void* unmapped() {
  return reinterpret_cast<const void*>(0x10);
}

TEST(Console, TakesAllOfALongWrite) {
  const std::string text = std::string(5000, '.') + "\n";
  EXPECT_EQ(::write(STDOUT_FILENO, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  EXPECT_EQ(std::fwrite(text.data(), 1, text.size(), stdout), text.size());
  EXPECT_EQ(std::fflush(stdout), 0);
}

TEST(Console, TakesEachPieceOfAVector) {
  char first[] = "[          ] pieces: ";
  char second[] = "one, ";
  char third[] = "two\n";
  const iovec pieces[] = {{first, sizeof first - 1},
                          {nullptr, 0},
                          {second, sizeof second - 1},
                          {third, sizeof third - 1}};
  EXPECT_EQ(::writev(STDERR_FILENO, pieces, 4),
            static_cast<ssize_t>(sizeof first + sizeof second + sizeof third - 3));
}

TEST(Console, TakesNothingWhenNothingIsWritten) {
  EXPECT_EQ(::write(STDOUT_FILENO, "", 0), 0);
}

TEST(Write, RefusesDescriptorThatIsNotOpen) {
  EXPECT_EQ(answer_of([] { return ::write(99, "x", 1); }), refusal(EBADF));
  EXPECT_EQ(answer_of([] { return ::write(-1, "x", 1); }), refusal(EBADF));
}

TEST(Write, RefusesPointerToNothing) {
  EXPECT_EQ(answer_of([] { return ::write(STDOUT_FILENO, unmapped(), 100); }), refusal(EFAULT));
  EXPECT_EQ(answer_of([] { return ::write(STDOUT_FILENO, &errno, ~std::size_t{0}); }),
            refusal(EFAULT));
}

TEST(Writev, RefusesMorePiecesThanThereMayBe) {
  EXPECT_EQ(answer_of([] { return ::writev(STDOUT_FILENO, nullptr, 1025); }), refusal(EINVAL));
  EXPECT_EQ(answer_of([] { return ::writev(STDOUT_FILENO, nullptr, -1); }), refusal(EINVAL));
}

TEST(Ioctl, OfAnUnknownRequestIsRefused) {
  EXPECT_EQ(answer_of([] { return ::ioctl(STDOUT_FILENO, 0x12345678, 0); }), refusal(ENOTTY));
}

} // namespace
} // namespace skerry::test
