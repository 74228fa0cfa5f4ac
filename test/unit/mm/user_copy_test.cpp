// SPDX-License-Identifier: Apache-2.0
// Copies from and to memory that may not be there. The host's SIGSEGV plays the page fault.
#include <mm/layout.hpp>
#include <mm/user_copy.hpp>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <vector>

namespace skerry::mm {
namespace {

/// What the page fault handler does when a fault cannot be mended.
void on_fault(int, siginfo_t*, void* context) {
  auto& instruction = static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP];
  const std::uint64_t target = find_fixup(static_cast<std::uint64_t>(instruction));
  if (target == 0) {
    std::abort();
  }
  instruction = static_cast<greg_t>(target);
}

class UserCopy : public testing::Test {
protected:
  static constexpr std::size_t size = 4 * page_size;

  UserCopy() {
    struct sigaction action{};
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGSEGV, &action, &before_);
    memory = static_cast<std::byte*>(mmap(nullptr, size + page_size, PROT_READ | PROT_WRITE,
                                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    mprotect(memory + size, page_size, PROT_NONE);
    for (std::size_t i = 0; i < size; ++i) {
      memory[i] = static_cast<std::byte>(i % 251 + 1);
    }
  }
  ~UserCopy() override {
    munmap(memory, size + page_size);
    sigaction(SIGSEGV, &before_, nullptr);
  }
  [[nodiscard]] VirtualAddress at(std::size_t offset) const {
    return VirtualAddress(memory + offset);
  }

  std::byte* memory = nullptr;

private:
  struct sigaction before_{};
};

TEST_F(UserCopy, CopiesEverySizeAtEveryAlignment) {
  for (std::size_t length = 0; length < 70; ++length) {
    for (std::size_t offset = 0; offset < 9; ++offset) {
      std::vector<std::byte> buffer(length);
      ASSERT_TRUE(copy_in(buffer, at(offset)).has_value());
      ASSERT_TRUE(std::equal(buffer.begin(), buffer.end(), memory + offset));
      ASSERT_TRUE(copy_out(at(200 + offset), buffer).has_value());
      ASSERT_TRUE(std::equal(buffer.begin(), buffer.end(), memory + 200 + offset));
    }
  }
}

TEST_F(UserCopy, ReportsABadAddressInsteadOfFaulting) {
  for (std::size_t length = 1; length < 40; ++length) {
    for (std::size_t missing = 1; missing <= length; ++missing) {
      std::vector<std::byte> buffer(length);
      const VirtualAddress start = at(size - length + missing);
      EXPECT_EQ(copy_in(buffer, start).error(), std::errc::bad_address);
      EXPECT_EQ(copy_out(start, buffer).error(), std::errc::bad_address);
      EXPECT_EQ(zero_out(start, length).error(), std::errc::bad_address);
    }
  }
}

TEST_F(UserCopy, CopiesWhatThereIsBeforeABadAddress) {
  std::vector<std::byte> buffer(100);
  EXPECT_FALSE(copy_in(buffer, at(size - 37)).has_value());
  EXPECT_EQ(std::memcmp(buffer.data(), memory + size - 37, 32), 0);
}

TEST_F(UserCopy, RefusesMemoryOfTheKernelWithoutTouchingIt) {
  std::byte byte{};
  const std::span<std::byte> buffer(&byte, 1);
  for (const std::uint64_t address :
       {std::uint64_t{0}, std::uint64_t{0xffff}, layout::lower_half_end.value(),
        std::uint64_t{1} << 47, layout::direct_map_start.value(), ~std::uint64_t{0}}) {
    EXPECT_EQ(copy_in(buffer, VirtualAddress(address)).error(), std::errc::bad_address);
    EXPECT_EQ(copy_out(VirtualAddress(address), buffer).error(), std::errc::bad_address);
    EXPECT_EQ(zero_out(VirtualAddress(address), 1).error(), std::errc::bad_address);
  }
  EXPECT_EQ(zero_out(at(0), SIZE_MAX).error(), std::errc::bad_address);
  EXPECT_TRUE(copy_in({}, VirtualAddress(0)).has_value());
}

TEST_F(UserCopy, ClearsMemory) {
  ASSERT_TRUE(zero_out(at(3), 77).has_value());
  EXPECT_NE(memory[2], std::byte{0});
  EXPECT_NE(memory[80], std::byte{0});
  for (std::size_t i = 3; i < 80; ++i) {
    EXPECT_EQ(memory[i], std::byte{0});
  }
}

TEST_F(UserCopy, CopiesAStringThatEndsWhereItsPageDoes) {
  memory[size - 1] = std::byte{0};
  char text[300];
  for (std::size_t length = 0; length < 200; ++length) {
    const Result<std::size_t> copied = copy_string_in(text, at(size - 1 - length));
    ASSERT_EQ(copied.value(), length);
    ASSERT_EQ(std::strlen(text), length);
  }
}

TEST_F(UserCopy, TellsALongStringFromAMissingOne) {
  char text[20];
  EXPECT_EQ(copy_string_in(text, at(0)).error(), std::errc::filename_too_long);
  EXPECT_EQ(copy_string_in(text, at(size - 10)).error(), std::errc::bad_address);
  EXPECT_EQ(copy_string_in(text, VirtualAddress(0)).error(), std::errc::bad_address);
}

TEST_F(UserCopy, ExchangesAWordOnlyWhenItIsAsExpected) {
  const std::uint32_t initial = 7;
  ASSERT_TRUE(copy_out(at(8), std::as_bytes(std::span(&initial, 1))).has_value());
  std::uint32_t expected = 6;
  EXPECT_FALSE(compare_exchange(at(8), expected, 9).value());
  EXPECT_EQ(expected, 7U);
  EXPECT_TRUE(compare_exchange(at(8), expected, 9).value());
  std::uint32_t now = 0;
  std::memcpy(&now, memory + 8, sizeof now);
  EXPECT_EQ(now, 9U);
  EXPECT_EQ(compare_exchange(at(9), expected, 9).error(), std::errc::invalid_argument);
  EXPECT_EQ(compare_exchange(at(size), expected, 9).error(), std::errc::bad_address);
}

TEST_F(UserCopy, KnowsOnlyItsOwnInstructions) {
  EXPECT_EQ(find_fixup(0), 0U);
  EXPECT_EQ(find_fixup(reinterpret_cast<std::uintptr_t>(&on_fault)), 0U);
}

} // namespace
} // namespace skerry::mm
