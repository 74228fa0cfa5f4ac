// SPDX-License-Identifier: Apache-2.0
// Each call about memory, by its own number.
#include "test/boot/memory_file.hpp"
#include "test/boot/pipe_pair.hpp"
#include "test/boot/system_call.hpp"
#include "test/truth/guest/raw_call.hpp"

#include <cstring>
#include <fstream>
#include <gtest/gtest.h>
#include <string_view>
#include <sys/mman.h>
#include <sys/syscall.h>

namespace skerry::test {
namespace {

constexpr std::size_t page = 4096;
constexpr int usual = PROT_READ | PROT_WRITE;

/// Pages that are unmapped by their own call.
class MemoryCalls : public testing::Test {
protected:
  static char* map(std::size_t pages) {
    const long start =
        raw(SYS_mmap, nullptr, pages * page, usual, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EXPECT_NE(start, -1);
    EXPECT_EQ(raw(SYS_madvise, start, pages * page, MADV_NOHUGEPAGE), 0);
    return reinterpret_cast<char*>(start);
  }

  /// Whether a byte there can be read; that it can be written, `write` tells.
  static bool can_be_read(const char* place) {
    PipePair pipe;
    return ::write(pipe.writer, place, 1) == 1;
  }
  static bool can_be_written(char* place) {
    PipePair pipe;
    pipe.put("x");
    return ::read(pipe.reader, place, 1) == 1;
  }

  static long resident_pages() {
    long size = 0;
    long resident = 0;
    std::ifstream("/proc/self/statm") >> size >> resident;
    return resident;
  }
};

TEST_F(MemoryCalls, MapAndUnmap) {
  char* const memory = map(2);
  EXPECT_EQ(memory[0], 0);
  std::strcpy(memory, "first");
  EXPECT_EQ(raw(SYS_munmap, memory + page, page), 0);
  EXPECT_FALSE(can_be_read(memory + page));
  EXPECT_STREQ(memory, "first");
  EXPECT_EQ(raw(SYS_munmap, memory, page), 0);
  EXPECT_FALSE(can_be_read(memory));
}

TEST_F(MemoryCalls, ProtectPages) {
  char* const memory = map(2);
  EXPECT_EQ(raw(SYS_mprotect, memory, page, PROT_READ), 0);
  EXPECT_TRUE(can_be_read(memory));
  EXPECT_FALSE(can_be_written(memory));
  EXPECT_TRUE(can_be_written(memory + page));
  EXPECT_EQ(raw(SYS_mprotect, memory, page, PROT_NONE), 0);
  EXPECT_FALSE(can_be_read(memory));
  EXPECT_EQ(answer_of([&] { return raw(SYS_mprotect, memory, page, usual | PROT_EXEC); }),
            refusal(EACCES));
  EXPECT_EQ(raw(SYS_munmap, memory, 2 * page), 0);
}

TEST_F(MemoryCalls, ForgetWhatIsNotWanted) {
  char* const memory = map(64);
  std::memset(memory, 7, 64 * page);
  const long before = resident_pages();
  EXPECT_EQ(raw(SYS_madvise, memory + page, 63 * page, MADV_DONTNEED), 0);
  EXPECT_LE(resident_pages(), before - 48) << "some come by looking";
  EXPECT_EQ(memory[0], 7);
  EXPECT_EQ(memory[page], 0);
  EXPECT_EQ(raw(SYS_munmap, memory, 64 * page), 0);
}

TEST_F(MemoryCalls, MoveWhatIsMapped) {
  char* const memory = map(2);
  std::strcpy(memory + page, "moved");
  const long start = raw(SYS_mremap, memory, 2 * page, 64 * page, MREMAP_MAYMOVE, 0);
  ASSERT_NE(start, -1);
  char* const larger = reinterpret_cast<char*>(start);
  EXPECT_STREQ(larger + page, "moved");
  EXPECT_TRUE(can_be_written(larger + 63 * page));
  EXPECT_EQ(raw(SYS_mremap, larger, 64 * page, page, 0, 0), start);
  EXPECT_FALSE(can_be_read(larger + page));
  EXPECT_EQ(raw(SYS_munmap, larger, page), 0);
}

TEST_F(MemoryCalls, WriteAMappingBack) {
  const Descriptor file(file_with("old text"));
  const long start = raw(SYS_mmap, nullptr, page, usual, MAP_SHARED, file, 0);
  ASSERT_NE(start, -1);
  std::memcpy(reinterpret_cast<char*>(start), "new", 3);
  EXPECT_EQ(raw(SYS_msync, start, page, MS_SYNC), 0);
  EXPECT_EQ(contents(file), "new text");
  EXPECT_EQ(raw(SYS_munmap, start, page), 0);
  EXPECT_EQ(answer_of([&] { return raw(SYS_msync, start, page, MS_SYNC); }), refusal(ENOMEM));
}

TEST_F(MemoryCalls, LockPages) {
  constexpr std::size_t pages = 64;
  char* const memory = map(2 * pages);
  const long before = resident_pages();
  EXPECT_EQ(raw(SYS_mlock, memory, pages * page), 0);
  EXPECT_GE(resident_pages(), before + 60) << "all are there at once";
  constexpr int on_fault = 1;
  const long between = resident_pages();
  EXPECT_EQ(raw(SYS_mlock2, memory + pages * page, pages * page, on_fault), 0);
  EXPECT_LT(resident_pages(), between + 60) << "they come when they are touched";
  EXPECT_EQ(raw(SYS_mlock2, memory + pages * page, pages * page, 0), 0);
  EXPECT_GE(resident_pages(), between + 60);
  memory[0] = 'x';
  EXPECT_EQ(raw(SYS_munlock, memory, 2 * pages * page), 0);
  EXPECT_EQ(memory[0], 'x');
  EXPECT_EQ(raw(SYS_munmap, memory, 2 * pages * page), 0);
  EXPECT_EQ(answer_of([&] { return raw(SYS_munlock, memory, page); }), refusal(ENOMEM));
}

TEST_F(MemoryCalls, HaveNoProgramBreak) {
  EXPECT_EQ(raw(SYS_brk, 0), 0);
  EXPECT_EQ(raw(SYS_brk, 0x10000000), 0) << "it stands where it stood, which says no";
  EXPECT_EQ(answer_of([] { return ::sbrk(4096) == reinterpret_cast<void*>(-1) ? -1 : 0; }),
            refusal(ENOMEM));
}

} // namespace
} // namespace skerry::test
