// SPDX-License-Identifier: Apache-2.0
// Pointers that a program hands to the system and that lead nowhere, or to what is not for that:
// EFAULT, whatever half of the address space they lie in (DESIGN, decision 11).
#include "system_call.hpp"

#include <array>
#include <cstdint>
#include <ctime>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

namespace skerry::test {
namespace {

constexpr std::uintptr_t bad_addresses[] = {
    0,                     // the null page
    0x10,                  // and an offset in it
    0x1234'5678'9000,      // a place of the application where nothing is mapped
    0x7fff'ffff'fff0,      // over the end of the lower half
    0x8000'0000'0000'0000, // not canonical
    0xffff'8000'0000'0000, // the kernel's half
    0xffff'ffff'ffff'fff8, // over the end of everything
};

template <typename T> T* at(std::uintptr_t address) {
  volatile std::uintptr_t hidden = address;
  return reinterpret_cast<T*>(hidden);
}

const timespec constant{.tv_sec = 1, .tv_nsec = 2};

TEST(BadPointer, ToBytesToWriteIsRefused) {
  for (const std::uintptr_t address : bad_addresses)
    EXPECT_EQ(answer_of([&] { return ::write(STDOUT_FILENO, at<char>(address), 100); }),
              refusal(EFAULT))
        << std::hex << address;
}

TEST(BadPointer, ToAResultIsRefused) {
  for (const std::uintptr_t address : bad_addresses)
    EXPECT_EQ(answer_of([&] { return ::clock_getres(CLOCK_MONOTONIC, at<timespec>(address)); }),
              address == 0 ? Answer{} : refusal(EFAULT))
        << std::hex << address;
}

TEST(BadPointer, ToAListIsRefused) {
  for (const std::uintptr_t address : bad_addresses)
    EXPECT_EQ(answer_of([&] { return ::writev(STDOUT_FILENO, at<iovec>(address), 1); }),
              refusal(EFAULT))
        << std::hex << address;
}

TEST(BadPointer, ToConstantsOrCodeIsNotWrittenTo) {
  for (const std::uintptr_t address : {reinterpret_cast<std::uintptr_t>(&constant),
                                       reinterpret_cast<std::uintptr_t>(&::clock_gettime)})
    EXPECT_EQ(answer_of([&] { return ::clock_getres(CLOCK_MONOTONIC, at<timespec>(address)); }),
              refusal(EFAULT));
  EXPECT_EQ(constant.tv_nsec, 2);
}

TEST(BadPointer, BehindBytesThatCanBeReadLeavesThoseWritten) {
  constexpr std::size_t page = 4096;
  void* const pages =
      ::mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(pages, MAP_FAILED);
  ASSERT_EQ(::munmap(static_cast<char*>(pages) + page, page), 0);
  char* const text = static_cast<char*>(pages) + page - 1;
  *text = '\n';
  const Answer answer = answer_of([&] { return ::write(STDOUT_FILENO, text, 100); });
  EXPECT_TRUE(answer == refusal(EFAULT) || answer.value == 1) << answer;
  EXPECT_EQ(::munmap(pages, page), 0);
}

} // namespace
} // namespace skerry::test
