// SPDX-License-Identifier: Apache-2.0
// The application's heap: sizes, alignment, contents that stay, and the end of memory.
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <gtest/gtest.h>
#include <memory>
#include <new>
#include <vector>

namespace skerry::test {
namespace {

struct Free {
  void operator()(void* memory) const { std::free(memory); }
};
using Memory = std::unique_ptr<void, Free>;

Memory filled(std::size_t size, int pattern) {
  Memory memory(std::malloc(size));
  if (memory)
    std::memset(memory.get(), pattern, size);
  return memory;
}

bool holds(const Memory& memory, std::size_t size, int pattern) {
  const auto* bytes = static_cast<const unsigned char*>(memory.get());
  for (std::size_t i = 0; i < size; ++i)
    if (bytes[i] != static_cast<unsigned char>(pattern))
      return false;
  return true;
}

bool is_aligned(const void* memory, std::size_t alignment) {
  return reinterpret_cast<std::uintptr_t>(memory) % alignment == 0;
}

TEST(Malloc, GivesBlocksOfEverySizeThatDoNotOverlap) {
  std::vector<std::pair<std::size_t, Memory>> blocks;
  for (std::size_t size = 0; size < 300'000; size = size * 5 / 4 + 1) {
    blocks.emplace_back(size, filled(size, static_cast<int>(blocks.size())));
    ASSERT_NE(blocks.back().second, nullptr) << size;
    // What any object of that size may need (C23, 7.24.3).
    EXPECT_TRUE(is_aligned(blocks.back().second.get(), size < 16 ? 8 : 16)) << size;
  }
  for (std::size_t i = 0; i < blocks.size(); ++i)
    EXPECT_TRUE(holds(blocks[i].second, blocks[i].first, static_cast<int>(i))) << blocks[i].first;
}

TEST(Malloc, GivesWhatWasFreedAgain) {
  for (int i = 0; i < 200; ++i) {
    const Memory block = filled(1 << 20, i);
    ASSERT_NE(block, nullptr) << i;
  }
}

TEST(Malloc, RefusesWhatNoMachineHas) {
  errno = 0;
  volatile std::size_t size = std::size_t{1} << 48; // more than there are addresses
  EXPECT_EQ(std::malloc(size), nullptr);
  EXPECT_EQ(errno, ENOMEM);
  EXPECT_THROW((void)::operator new(size), std::bad_alloc);
}

TEST(Calloc, GivesZerosWhereSomethingElseWas) {
  constexpr std::size_t size = 50'000;
  (void)filled(size, 0xff);
  const Memory zeros(std::calloc(size, 1));
  EXPECT_TRUE(holds(zeros, size, 0));
  volatile std::size_t many = std::size_t{1} << 33;
  EXPECT_EQ(std::calloc(many, many), nullptr);
}

TEST(Realloc, KeepsTheContents) {
  Memory memory = filled(100, 7);
  for (const std::size_t size : {1000UZ, 100'000UZ, 2'000'000UZ, 100UZ}) {
    memory.reset(std::realloc(memory.release(), size));
    ASSERT_NE(memory, nullptr);
    EXPECT_TRUE(holds(memory, 100, 7)) << size;
  }
}

TEST(AlignedAlloc, KeepsToTheAlignment) {
  for (std::size_t alignment = 16; alignment <= 65536; alignment *= 2) {
    const Memory memory(std::aligned_alloc(alignment, 3 * alignment));
    ASSERT_NE(memory, nullptr) << alignment;
    EXPECT_TRUE(is_aligned(memory.get(), alignment)) << alignment;
  }
}

TEST(New, KeepsToTheAlignmentOfItsType) {
  struct alignas(256) Wide {
    char bytes[256];
  };
  const auto wide = std::make_unique<Wide>();
  EXPECT_TRUE(is_aligned(wide.get(), 256));
}

} // namespace
} // namespace skerry::test
