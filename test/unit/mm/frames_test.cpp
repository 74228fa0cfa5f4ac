// SPDX-License-Identifier: Apache-2.0
// The frame allocator against memory maps of many shapes, and against a model.
#include "machine.hpp"

#include <mm/frames.hpp>

#include <algorithm>
#include <cstring>
#include <gtest/gtest.h>
#include <map>
#include <random>
#include <set>
#include <vector>

namespace skerry::mm {
namespace {

using test::Machine;
using test::range;

constexpr std::uint64_t four_gib = std::uint64_t{4} << 30;

/// Takes single frames until there are none.
std::vector<PhysicalAddress> take_all(Frames& frames, Zone zone = Zone::any) {
  std::vector<PhysicalAddress> taken;
  while (const Result<PhysicalAddress> frame = frames.allocate(0, zone)) {
    taken.push_back(*frame);
  }
  return taken;
}

void free_all(Frames& frames, const std::vector<PhysicalAddress>& taken) {
  for (const PhysicalAddress frame : taken) {
    frames.free(frame);
  }
}

TEST(Frames, GivesOutEveryFrameOnceAndTakesAllBack) {
  Machine machine(8_MiB);
  Frames frames;
  frames.initialize(machine.info);
  const FrameStatistics before = frames.statistics();
  const std::vector<PhysicalAddress> taken = take_all(frames);
  EXPECT_EQ(taken.size(), before.free);
  EXPECT_EQ(std::set(taken.begin(), taken.end()).size(), taken.size());
  EXPECT_EQ(frames.statistics().free, 0U);
  EXPECT_EQ(frames.statistics().largest_block_bytes, 0U);
  free_all(frames, taken);
  EXPECT_EQ(frames.statistics().free, before.free);
}

TEST(Frames, MergesFreedFramesBackIntoTheLargestBlocks) {
  Machine machine(64_MiB);
  Frames frames;
  frames.initialize(machine.info);
  const std::uint64_t largest = frames.statistics().largest_block_bytes;
  EXPECT_EQ(largest, 32_MiB);
  std::vector<PhysicalAddress> taken = take_all(frames);
  std::shuffle(taken.begin(), taken.end(), std::mt19937(1));
  free_all(frames, taken);
  EXPECT_TRUE(frames.allocate(13).has_value());
}

TEST(Frames, NeedsLittleMemoryForItself) {
  Machine machine(8_MiB);
  Frames frames;
  frames.initialize(machine.info);
  EXPECT_LE(frames.statistics().table, 5U);
  EXPECT_EQ(frames.statistics().total, 8_MiB / page_size - 1);
}

TEST(Frames, ServesAMachineOfTwoMebibytes) {
  Machine machine(2_MiB, {range(0, 0x9fc00), range(0x100000, 0x200000)});
  machine.info.image = range(0x100000, 0x180123);
  Frames frames;
  frames.initialize(machine.info);
  // 0x1000…0x9f000 and 0x181000…0x200000, each with one frame for its records
  EXPECT_EQ(frames.statistics().total, 158U + 127U);
  EXPECT_EQ(take_all(frames).size(), 157U + 126U);
}

TEST(Frames, LeavesAloneWhatBootLeftInMemory) {
  Machine machine(16_MiB);
  machine.info.image = range(1_MiB, 3_MiB + 1);
  machine.info.early_frames = range(3_MiB + 2 * page_size, 3_MiB + 9 * page_size);
  machine.info.modules[0].range = range(5_MiB + 1, 6_MiB - 1);
  machine.info.modules[1].range = range(4_MiB, 4_MiB);
  machine.info.module_count = 2;
  Frames frames;
  frames.initialize(machine.info);
  for (const PhysicalAddress frame : take_all(frames)) {
    const std::uint64_t address = frame.value();
    EXPECT_NE(address, 0U);
    EXPECT_FALSE(address >= 1_MiB && address < 3_MiB + page_size);
    EXPECT_FALSE(address >= 3_MiB + 2 * page_size && address < 3_MiB + 9 * page_size);
    EXPECT_FALSE(address >= 5_MiB && address < 6_MiB);
  }
}

TEST(Frames, UsesOnlyMemoryThatIsUsable) {
  Machine machine(16_MiB);
  machine.info.ranges[0].range = range(0, 4_MiB);
  machine.info.ranges[1] = {range(4_MiB, 8_MiB), kernel::MemoryKind::acpi_nvs};
  machine.info.ranges[2] = {range(8_MiB, 16_MiB), kernel::MemoryKind::usable};
  machine.info.range_count = 3;
  Frames frames;
  frames.initialize(machine.info);
  for (const PhysicalAddress frame : take_all(frames)) {
    EXPECT_FALSE(frame.value() >= 4_MiB && frame.value() < 8_MiB);
  }
}

TEST(Frames, JoinsUsableRangesThatTouch) {
  Machine machine(4_MiB, {range(0, 2_MiB + page_size), range(2_MiB + page_size, 4_MiB)});
  Frames frames;
  frames.initialize(machine.info);
  EXPECT_EQ(frames.statistics().largest_block_bytes, 2_MiB);
}

TEST(Frames, CountsMemoryThatItCannotUse) {
  Machine machine(16_MiB, {range(4_MiB, 4_MiB + page_size), range(8_MiB, 32_MiB)});
  Frames frames;
  frames.initialize(machine.info);
  EXPECT_EQ(frames.statistics().lost, 1U + 16_MiB / page_size);
  EXPECT_EQ(frames.statistics().total, 8_MiB / page_size);
}

TEST(Frames, IgnoresPartsOfPages) {
  Machine machine(16_MiB,
                  {range(1_MiB + 1, 1_MiB + 3 * page_size - 1), range(2_MiB + 8, 2_MiB + 9)});
  Frames frames;
  frames.initialize(machine.info);
  EXPECT_EQ(frames.statistics().total + frames.statistics().lost, 1U);
}

TEST(Frames, FindsMemoryBelowFourGibibytesForOldDevices) {
  Machine machine(four_gib + 64_MiB,
                  {range(1_MiB, 2_MiB), range(four_gib - 1_MiB, four_gib + 32_MiB)});
  Frames frames;
  frames.initialize(machine.info);
  EXPECT_GE(frames.allocate()->value(), four_gib);
  const std::vector<PhysicalAddress> low = take_all(frames, Zone::below_4_gib);
  EXPECT_EQ(low.size(), 2 * (256U - 1U));
  for (const PhysicalAddress frame : low) {
    EXPECT_LT(frame.value(), four_gib);
  }
  EXPECT_EQ(frames.allocate(0, Zone::below_4_gib).error(), std::errc::not_enough_memory);
  EXPECT_TRUE(frames.allocate().has_value());
}

TEST(Frames, FindsLowMemoryAmongFramesThatWereJustFreed) {
  Machine machine(four_gib + 1_MiB, {range(1_MiB, 2_MiB), range(four_gib, four_gib + 1_MiB)});
  Frames frames;
  frames.initialize(machine.info);
  const std::vector<PhysicalAddress> low = take_all(frames, Zone::below_4_gib);
  frames.free(low.front());
  EXPECT_EQ(frames.allocate(0, Zone::below_4_gib), low.front());
}

TEST(Frames, AlignsBlocksToTheirSize) {
  Machine machine(256_MiB, {range(3 * page_size, 200_MiB + 5 * page_size)});
  Frames frames;
  frames.initialize(machine.info);
  for (unsigned order = 0; order <= max_frame_order - 1; ++order) {
    const Result<PhysicalAddress> block = frames.allocate(order);
    ASSERT_TRUE(block.has_value()) << order;
    EXPECT_TRUE(is_aligned(block->value(), page_size << order)) << order;
  }
}

TEST(Frames, ZeroesOnRequest) {
  Machine machine(4_MiB);
  Frames frames;
  frames.initialize(machine.info);
  const std::vector<PhysicalAddress> taken = take_all(frames);
  for (const PhysicalAddress frame : taken) {
    std::memset(machine.at(frame), 0xee, page_size);
  }
  free_all(frames, taken);
  const PhysicalAddress block = *frames.allocate_zeroed(3);
  EXPECT_TRUE(std::all_of(machine.at(block), machine.at(block) + 8 * page_size,
                          [](unsigned char byte) { return byte == 0; }));
}

TEST(Frames, CutsRunsToTheirExactNumber) {
  Machine machine(32_MiB);
  Frames frames;
  frames.initialize(machine.info);
  const std::uint64_t before = frames.statistics().free;
  for (const std::size_t count : {1U, 3U, 7U, 100U, 513U, 1025U}) {
    const Result<PhysicalAddress> run = frames.allocate_run(count);
    ASSERT_TRUE(run.has_value());
    EXPECT_EQ(frames.statistics().free, before - count);
    frames.free_run(*run, count);
    EXPECT_EQ(frames.statistics().free, before);
  }
  EXPECT_EQ(frames.allocate_run(0).error(), std::errc::not_enough_memory);
  EXPECT_EQ(frames.allocate_run(SIZE_MAX).error(), std::errc::not_enough_memory);
  EXPECT_EQ(frames.statistics().largest_block_bytes, 16_MiB);
}

TEST(Frames, SplitsABlockIntoFramesThatAreFreedOneByOne) {
  Machine machine(16_MiB);
  Frames frames;
  frames.initialize(machine.info);
  const std::uint64_t before = frames.statistics().free;
  const PhysicalAddress block = *frames.allocate(large_page_order);
  frames.split(block, large_page_order);
  for (std::uint64_t i = 0; i < frames_in(large_page_order); ++i) {
    frames.free(block + i * page_size);
  }
  EXPECT_EQ(frames.statistics().free, before);
}

TEST(Frames, KeepsAWordForTheOwnerOfABlock) {
  Machine machine(16_MiB);
  Frames frames;
  frames.initialize(machine.info);
  const PhysicalAddress frame = *frames.allocate();
  EXPECT_EQ(frames.owner(frame), 0U);
  frames.set_owner(frame, 0xab'cdef'0123'4567);
  EXPECT_EQ(frames.owner(frame), 0xab'cdef'0123'4567U);
  frames.free(frame);
  EXPECT_EQ(frames.owner(frame), 0U);
  EXPECT_EQ(frames.allocate(), frame);
  EXPECT_EQ(frames.owner(frame), 0U);
  EXPECT_EQ(frames.owner(PhysicalAddress(1_GiB)), 0U);
}

TEST(Frames, TouchesLittleOfAMachineWithATebibyte) {
  Machine machine(1024_GiB, {range(0, 0xa0000), range(1_MiB, 3_GiB), range(four_gib, 1024_GiB)});
  Frames frames;
  frames.initialize(machine.info);
  EXPECT_EQ(frames.statistics().lost, 0U);
  EXPECT_EQ(frames.statistics().largest_block_bytes, 128_MiB);
  const PhysicalAddress block = *frames.allocate();
  frames.free(block);
  EXPECT_GT(frames.statistics().free * page_size, 1015_GiB);
}

TEST(FramesDeathTest, StopsAtADoubleFree) {
  Machine machine(4_MiB);
  Frames frames;
  frames.initialize(machine.info);
  const PhysicalAddress frame = *frames.allocate();
  const PhysicalAddress pair = *frames.allocate(1);
  frames.free(frame);
  EXPECT_DEATH(frames.free(frame), "is free already");
  frames.free(pair, 1);
  EXPECT_DEATH(frames.free(pair, 1), "is free already|inside a larger block");
}

TEST(FramesDeathTest, StopsAtFramesThatItDidNotGive) {
  Machine machine(4_MiB);
  Frames frames;
  frames.initialize(machine.info);
  const PhysicalAddress block = *frames.allocate(4);
  EXPECT_DEATH(frames.free(block + page_size), "lies inside a larger block");
  EXPECT_DEATH(frames.free(block, 3), "given out with another order");
  EXPECT_DEATH(frames.free(PhysicalAddress(0)), "no usable memory");
  EXPECT_DEATH(frames.free(PhysicalAddress(64_MiB)), "no usable memory");
  EXPECT_DEATH(frames.free(PhysicalAddress(page_size)), "holds the frame table");
}

TEST(FramesDeathTest, StopsAtFramesInsideABlockLargerThanAnyLeaf) {
  Machine machine(64_MiB);
  std::memset(machine.at(PhysicalAddress(0)), 0xff, 64_MiB); // what the firmware left
  Frames frames;
  frames.initialize(machine.info);
  const PhysicalAddress block = *frames.allocate(12);
  EXPECT_DEATH(frames.free(block + 5_MiB), "lies inside a larger block");
  const PhysicalAddress other = *frames.allocate(11);
  EXPECT_DEATH(frames.free(other + 3_MiB), "lies inside a larger block");
}

/// Blocks that are out, by address; they must never overlap.
class Model {
public:
  void add(PhysicalAddress start, std::size_t frames) {
    const auto next = out_.lower_bound(start);
    if (next != out_.end()) {
      ASSERT_LE(start + frames * page_size, next->first);
    }
    if (next != out_.begin()) {
      const auto previous = std::prev(next);
      ASSERT_LE(previous->first + previous->second * page_size, start);
    }
    out_.emplace(start, frames);
    frames_ += frames;
  }
  void remove(PhysicalAddress start) {
    frames_ -= out_.at(start);
    out_.erase(start);
  }
  [[nodiscard]] std::size_t frames() const { return frames_; }

private:
  std::map<PhysicalAddress, std::size_t> out_;
  std::size_t frames_ = 0;
};

struct Block {
  PhysicalAddress start;
  std::size_t count = 0;
  unsigned order = 0;
  bool is_run = false;
};

class RandomisedFrames : public testing::TestWithParam<unsigned> {};

TEST_P(RandomisedFrames, AgreeWithAModel) {
  Machine machine(four_gib + 96_MiB,
                  {range(0, 0x9f000), range(1_MiB, 7_MiB), range(0x801000, 0x806000),
                   range(0x900000, 0x1234000), range(four_gib - 3_MiB, four_gib + 90_MiB)});
  Frames frames;
  frames.initialize(machine.info);
  const FrameStatistics before = frames.statistics();
  std::mt19937 random(GetParam());
  std::vector<Block> blocks;
  Model model;
  for (int step = 0; step < 20'000; ++step) {
    if (random() % 100 < 52) {
      Block block;
      block.order = static_cast<unsigned>(random() % 4 == 0 ? random() % 12 : 0);
      block.is_run = random() % 8 == 0;
      block.count = block.is_run ? 1 + random() % 300 : frames_in(block.order);
      const Zone zone = random() % 8 == 0 ? Zone::below_4_gib : Zone::any;
      const Result<PhysicalAddress> start = block.is_run ? frames.allocate_run(block.count, zone)
                                                         : frames.allocate(block.order, zone);
      if (start) {
        block.start = *start;
        ASSERT_NO_FATAL_FAILURE(model.add(block.start, block.count));
        ASSERT_TRUE(zone == Zone::any || block.start.value() < four_gib);
        std::memset(machine.at(block.start), 0xcd, block.count * page_size);
        blocks.push_back(block);
      }
    } else if (!blocks.empty()) {
      std::swap(blocks[random() % blocks.size()], blocks.back());
      const Block block = blocks.back();
      blocks.pop_back();
      model.remove(block.start);
      if (block.is_run) {
        frames.free_run(block.start, block.count);
      } else {
        frames.free(block.start, block.order);
      }
    }
    ASSERT_EQ(frames.statistics().free, before.free - model.frames());
  }
  for (const Block& block : blocks) {
    block.is_run ? frames.free_run(block.start, block.count)
                 : frames.free(block.start, block.order);
  }
  EXPECT_EQ(frames.statistics().free, before.free);
  EXPECT_TRUE(frames.allocate(13).has_value()); // all merged again
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomisedFrames, testing::Values(1U, 2U, 3U, 4U));

} // namespace
} // namespace skerry::mm
