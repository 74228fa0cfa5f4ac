// SPDX-License-Identifier: Apache-2.0
// Anonymous memory inside an image: large pages, advice, and mappings that grow and move.
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>

namespace {

constexpr std::size_t page = 4096;
constexpr std::size_t large = 2 << 20;

/// Pages that are unmapped at the end of the block.
class Memory {
public:
  explicit Memory(std::size_t size) : size_(size) {
    void* const start =
        ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EXPECT_NE(start, MAP_FAILED) << errno;
    bytes_ = static_cast<unsigned char*>(start);
  }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  ~Memory() { EXPECT_EQ(::munmap(bytes_, size_), 0); }

  unsigned char& operator[](std::size_t offset) { return bytes_[offset]; }
  unsigned char* at(std::size_t offset) { return bytes_ + offset; }
  /// The first place that is aligned to a large page.
  unsigned char* first_large() {
    const auto address = reinterpret_cast<std::uintptr_t>(bytes_);
    return reinterpret_cast<unsigned char*>((address + large - 1) / large * large);
  }
  /// Lies at another place, or has another size, from here on.
  void moved(void* start, std::size_t size) {
    bytes_ = static_cast<unsigned char*>(start);
    size_ = size;
  }

private:
  std::size_t size_;
  unsigned char* bytes_ = nullptr;
};

std::size_t free_bytes() {
  struct sysinfo info{};
  EXPECT_EQ(::sysinfo(&info), 0);
  return info.freeram;
}

/// How much memory it takes to write one byte.
std::size_t cost_of_touching(unsigned char* byte) {
  const std::size_t before = free_bytes();
  *static_cast<volatile unsigned char*>(byte) = 1;
  return before - free_bytes();
}

TEST(LargePages, ComeAtOnceWhereTheyAreAskedFor) {
  Memory memory(3 * large);
  unsigned char* const start = memory.first_large();
  ASSERT_EQ(::madvise(start, large, MADV_HUGEPAGE), 0);
  ASSERT_EQ(::madvise(start + large, page, MADV_NOHUGEPAGE), 0);
  EXPECT_GE(cost_of_touching(start + 5 * page), large);
  EXPECT_EQ(cost_of_touching(start), 0U);
  EXPECT_EQ(cost_of_touching(start + large - 1), 0U);
  EXPECT_LT(cost_of_touching(start + large), large / 8);
}

TEST(LargePages, AreTakenApartAndKeepTheirContents) {
  Memory memory(2 * large);
  unsigned char* const start = memory.first_large();
  ASSERT_EQ(::madvise(start, large, MADV_HUGEPAGE), 0);
  for (std::size_t offset = 0; offset < large; offset += page)
    start[offset] = static_cast<unsigned char>(offset / page);
  ASSERT_EQ(::mprotect(start + 3 * page, page, PROT_READ), 0);
  ASSERT_EQ(::madvise(start + 10 * page, 2 * page, MADV_DONTNEED), 0);
  const std::size_t before = free_bytes();
  ASSERT_EQ(::munmap(start + large / 2, large / 2), 0);
  EXPECT_GE(free_bytes() - before, large / 2 - 8 * page) << "but for tables";
  for (std::size_t number = 0; number < large / 2 / page; ++number) {
    const bool forgotten = number == 10 || number == 11;
    ASSERT_EQ(start[number * page], forgotten ? 0 : static_cast<unsigned char>(number)) << number;
  }
}

TEST(Advice, ForgetsContentsAndGivesMemoryBack) {
  constexpr std::size_t size = 64 * page;
  Memory memory(size);
  ASSERT_EQ(::madvise(memory.at(0), size, MADV_NOHUGEPAGE), 0);
  std::memset(memory.at(0), 7, size);
  const std::size_t before = free_bytes();
  ASSERT_EQ(::madvise(memory.at(page), size - page, MADV_DONTNEED), 0);
  EXPECT_GE(free_bytes() - before, size - 2 * page);
  EXPECT_EQ(memory[0], 7);
  EXPECT_EQ(memory[page], 0);
  memory[page] = 8;
  EXPECT_EQ(::madvise(memory.at(0), size, MADV_WILLNEED), 0);
  EXPECT_EQ(memory[page], 8);
  EXPECT_EQ(::madvise(memory.at(0), size, MADV_FREE), 0);
  EXPECT_EQ(memory[page], 0);
}

TEST(Advice, IsCheckedAndNotPretended) {
  Memory memory(2 * page);
  EXPECT_EQ(::madvise(memory.at(1), page, MADV_DONTNEED), -1);
  EXPECT_EQ(errno, EINVAL);
  EXPECT_EQ(::madvise(memory.at(0), page, MADV_REMOVE), -1);
  EXPECT_EQ(errno, EINVAL);
  ASSERT_EQ(::munmap(memory.at(page), page), 0);
  EXPECT_EQ(::madvise(memory.at(0), 2 * page, MADV_DONTNEED), -1);
  EXPECT_EQ(errno, ENOMEM);
}

TEST(Remapping, GrowsMovesAndShrinksWithItsContents) {
  Memory memory(4 * page);
  for (std::size_t number = 0; number < 4; ++number)
    memory[number * page] = static_cast<unsigned char>(number + 1);
  void* const grown = ::mremap(memory.at(0), 4 * page, 3 * large, MREMAP_MAYMOVE);
  ASSERT_NE(grown, MAP_FAILED);
  memory.moved(grown, 3 * large);
  for (std::size_t number = 0; number < 4; ++number)
    EXPECT_EQ(memory[number * page], number + 1);
  EXPECT_EQ(memory[3 * large - 1], 0);
  void* const shrunk = ::mremap(memory.at(0), 3 * large, 2 * page, 0);
  EXPECT_EQ(shrunk, grown) << "smaller where it is";
  memory.moved(shrunk, 2 * page);
  EXPECT_EQ(memory[page], 2);
}

TEST(Remapping, GoesWhereItIsToldTo) {
  Memory target(4 * page);
  Memory source(2 * page);
  source[page] = 9;
  target[0] = 5;
  target[3 * page] = 6;
  void* const moved =
      ::mremap(source.at(0), 2 * page, 2 * page, MREMAP_MAYMOVE | MREMAP_FIXED, target.at(page));
  ASSERT_EQ(moved, target.at(page));
  source.moved(source.at(0), 2 * page); // nothing is there any more; to unmap that is no error
  EXPECT_EQ(target[0], 5);
  EXPECT_EQ(target[page], 0);
  EXPECT_EQ(target[2 * page], 9);
  EXPECT_EQ(target[3 * page], 6);
}

TEST(Remapping, MovesLargePagesWhole) {
  Memory memory(2 * large);
  unsigned char* const start = memory.first_large();
  ASSERT_EQ(::madvise(start, large, MADV_HUGEPAGE), 0);
  for (std::size_t offset = 0; offset < large; offset += page)
    start[offset] = static_cast<unsigned char>(offset / page);
  Memory target(3 * large);
  unsigned char* const place = target.first_large() + page; // where no large page fits
  ASSERT_EQ(::mremap(start, large, large, MREMAP_MAYMOVE | MREMAP_FIXED, place), place);
  for (std::size_t number = 0; number < large / page; ++number)
    ASSERT_EQ(place[number * page], static_cast<unsigned char>(number)) << number;
}

TEST(Remapping, RefusesWhatCannotBe) {
  Memory memory(2 * page);
  EXPECT_EQ(::mremap(memory.at(0), 2 * page, 0, 0), MAP_FAILED);
  EXPECT_EQ(errno, EINVAL);
  EXPECT_EQ(::mremap(memory.at(0), page, page, MREMAP_FIXED, memory.at(page)), MAP_FAILED);
  EXPECT_EQ(errno, EINVAL) << "only with MREMAP_MAYMOVE";
  EXPECT_EQ(::mremap(memory.at(0), 2 * page, 3 * page, 0x80), MAP_FAILED);
  EXPECT_EQ(errno, EINVAL);
  ASSERT_EQ(::munmap(memory.at(page), page), 0);
  EXPECT_EQ(::mremap(memory.at(0), 2 * page, 3 * page, MREMAP_MAYMOVE), MAP_FAILED);
  EXPECT_EQ(errno, EFAULT);
}

} // namespace
