// SPDX-License-Identifier: Apache-2.0
// The kernel's heap: sizes, alignment, exhaustion and misuse.
#include "machine.hpp"
#include "world.hpp"

#include <mm/heap.hpp>

#include <algorithm>
#include <cstring>
#include <gtest/gtest.h>
#include <random>
#include <vector>

namespace skerry::mm {
namespace {

using test::Machine;

class HeapTest : public testing::Test {
protected:
  explicit HeapTest(std::uint64_t memory = 16_MiB) : machine(memory) {
    frames.initialize(machine.info);
    heap.initialize(0x5ec2'e75e'c2e7'5ec2);
    free_at_start = frames.statistics().free;
  }

  std::byte* take(std::size_t size, std::size_t alignment = 16) {
    const Result<void*> block = heap.allocate(size, alignment);
    return block ? static_cast<std::byte*>(*block) : nullptr;
  }

  Machine machine;
  Frames frames;
  Heap heap{frames};
  std::uint64_t free_at_start = 0;
};

using HeapDeathTest = HeapTest;

TEST_F(HeapTest, AlignsBlocksAsAsked) {
  for (std::size_t alignment = 1; alignment <= 64_KiB; alignment *= 2) {
    for (const std::size_t size :
         {0U, 1U, 16U, 17U, 48U, 100U, 768U, 2000U, 2049U, 5000U, 70000U}) {
      std::byte* block = take(size, alignment);
      ASSERT_NE(block, nullptr) << size << " " << alignment;
      EXPECT_TRUE(is_aligned(frames.physical(block).value(), alignment))
          << size << " " << alignment;
      heap.free(block, size);
    }
  }
}

TEST_F(HeapTest, GivesMemoryBackWhenEverythingIsFreed) {
  std::vector<std::byte*> blocks;
  for (std::size_t size = 1; size < 6000; size += 7) {
    blocks.push_back(take(size));
    ASSERT_NE(blocks.back(), nullptr);
  }
  for (std::byte* block : blocks) {
    heap.free(block);
  }
  EXPECT_EQ(heap.statistics().bytes_in_use, 0U);
  // one slab stays for each size, and the frames with slab records
  EXPECT_LE(free_at_start - frames.statistics().free, block_sizes.size() + 8);
}

TEST_F(HeapTest, SaysThatMemoryIsShortInsteadOfStopping) {
  std::vector<std::byte*> blocks;
  while (std::byte* block = take(512)) {
    blocks.push_back(block);
  }
  EXPECT_GT(blocks.size() * 512, 15_MiB);
  EXPECT_EQ(heap.allocate(16).error(), std::errc::not_enough_memory);
  EXPECT_EQ(heap.allocate(1_MiB).error(), std::errc::not_enough_memory);
  heap.free(blocks.back());
  EXPECT_NE(take(512), nullptr);
}

TEST_F(HeapTest, HoldsNoMoreFramesThanItsLimit) {
  heap.set_limit(100);
  std::vector<std::byte*> blocks;
  while (std::byte* block = take(blocks.size() % 3 == 0 ? 5000 : 700)) {
    blocks.push_back(block);
  }
  EXPECT_LE(heap.statistics().frames_held, 100U);
  EXPECT_GT(heap.statistics().frames_held, 95U);
  EXPECT_EQ(take(100 * page_size), nullptr);
  for (std::byte* block : blocks) {
    heap.free(block);
  }
  EXPECT_NE(take(90 * page_size), nullptr) << "what was freed does not count";
}

TEST_F(HeapTest, RefusesSizesBeyondEveryMachine) {
  for (const std::size_t size : {SIZE_MAX, SIZE_MAX - 4096, 1024_GiB}) {
    EXPECT_EQ(heap.allocate(size).error(), std::errc::not_enough_memory);
  }
}

TEST_F(HeapTest, CountsWhatIsInUse) {
  std::byte* small = take(100);
  std::byte* large = take(10'000);
  EXPECT_EQ(heap.statistics().bytes_in_use, 128U + 3 * page_size);
  EXPECT_EQ(heap.statistics().frames_held, 2U + 3U);
  heap.free(small);
  heap.free(large);
  EXPECT_EQ(heap.statistics().bytes_in_use, 0U);
}

TEST_F(HeapTest, KeepsContentsApart) {
  std::mt19937 random(7);
  struct Filled {
    std::byte* start;
    std::size_t size;
    std::byte value;
  };
  std::vector<Filled> blocks;
  for (int step = 0; step < 20'000; ++step) {
    if (random() % 2 == 0 || blocks.empty()) {
      const std::size_t size = random() % (random() % 8 == 0 ? 9000 : 300);
      std::byte* start = take(size);
      if (start != nullptr) {
        blocks.push_back({start, size, static_cast<std::byte>(random())});
        std::fill_n(start, size, blocks.back().value);
      }
    } else {
      std::swap(blocks[random() % blocks.size()], blocks.back());
      const Filled block = blocks.back();
      blocks.pop_back();
      ASSERT_TRUE(std::all_of(block.start, block.start + block.size,
                              [&](std::byte byte) { return byte == block.value; }));
      heap.free(block.start, block.size);
    }
  }
}

TEST_F(HeapDeathTest, StopsAtADoubleFree) {
  std::byte* small = take(100);
  std::byte* keeps_the_slab = take(100);
  heap.free(small);
  EXPECT_DEATH(heap.free(small), "a block of 128 bytes is freed twice");
  heap.free(keeps_the_slab);
  std::byte* large = take(5000);
  heap.free(large);
  EXPECT_DEATH(heap.free(large), "was freed before");
}

TEST_F(HeapDeathTest, StopsAtPointersThatAreNoBlock) {
  std::byte* small = take(100);
  std::byte* large = take(9000);
  int local = 0;
  EXPECT_DEATH(heap.free(small + 16), "a block of 128 bytes is freed at an address inside it");
  EXPECT_DEATH(heap.free(large + 16), "a large block is freed at an address inside it");
  EXPECT_DEATH(heap.free(large + page_size), "no block of the heap");
  EXPECT_DEATH(heap.free(&local), "no block of the heap");
  std::byte* frame = frames.pointer<std::byte>(*frames.allocate());
  EXPECT_DEATH(heap.free(frame), "no block of the heap");
}

TEST_F(HeapDeathTest, StopsAtASizeThatTheBlockDoesNotHave) {
  std::byte* small = take(100);
  EXPECT_DEATH(heap.free(small, 129), "a size larger than it has");
}

TEST_F(HeapDeathTest, StopsWhenAFreeBlockWasWrittenTo) {
  std::byte* block = take(64);
  heap.free(block);
  block[3] ^= std::byte{1}; // whatever it was filled with, now it differs
  EXPECT_DEATH(take(64), "a block of 64 bytes was written to after it was freed");
}

TEST_F(HeapTest, LeavesNoPointersInFreeBlocks) {
  std::byte* first = take(64);
  std::byte* second = take(64);
  heap.free(first);
  heap.free(second);
  for (std::byte* block : {first, second}) {
    std::uintptr_t words[8];
    std::memcpy(words, block, sizeof words);
    for (const std::uintptr_t word : words) {
      EXPECT_NE(word & ~std::uintptr_t{4095}, reinterpret_cast<std::uintptr_t>(first) & ~4095UL);
    }
  }
}

struct Base {
  virtual ~Base() { ++destroyed; }
  static inline int destroyed = 0;
};
struct Other {
  virtual ~Other() = default;
  std::uint64_t payload[9] = {};
};
struct Derived : Other, Base {};

TEST(Owned, EndsAnObjectThroughAnyOfItsBases) {
  test::World::get();
  const std::size_t before = heap().statistics().bytes_in_use;
  {
    Result<Owned<Derived>> object = make_owned<Derived>();
    ASSERT_TRUE(object.has_value());
    const Owned<Base> base = std::move(*object);
    const Owned<int> number = *make_owned<int>(42);
    EXPECT_EQ(*number, 42);
  }
  EXPECT_EQ(Base::destroyed, 1);
  EXPECT_EQ(heap().statistics().bytes_in_use, before);

  struct Huge {
    std::byte bytes[128_MiB];
  };
  EXPECT_EQ(make_owned<Huge>().error(), std::errc::not_enough_memory);
}

} // namespace
} // namespace skerry::mm
