// SPDX-License-Identifier: Apache-2.0
// Kernel stacks: what surrounds them, and what becomes of them.
#include "world.hpp"

#include <mm/heap.hpp>
#include <mm/kernel_space.hpp>

#include <gtest/gtest.h>
#include <random>
#include <set>
#include <utility>
#include <vector>

namespace skerry::mm {
namespace {

using test::World;

class KernelSpaceTest : public testing::Test {
protected:
  KernelSpaceTest() { space.initialize(12345); }

  World& world = World::get();
  KernelSpace space;
};

void expect_guarded(const KernelStack& stack) {
  EXPECT_TRUE(is_stack_guard(stack.bottom() - 1));
  EXPECT_TRUE(is_stack_guard(stack.top()));
  for (VirtualAddress page = stack.bottom(); page < stack.top(); page = page + page_size) {
    ASSERT_NE(World::get().reach(page, hal::Access::read_write), nullptr);
    EXPECT_FALSE(is_stack_guard(page));
  }
}

TEST_F(KernelSpaceTest, PutsAnUnmappedPageOnBothSides) {
  std::vector<KernelStack> stacks;
  for (const std::size_t size : {1U, 4096U, 16384U, 28672U, 28673U, 65536U}) {
    for (int i = 0; i < 3; ++i) {
      stacks.push_back(*space.allocate_stack(size));
      EXPECT_GE(stacks.back().size_bytes(), size);
    }
  }
  for (const KernelStack& stack : stacks) {
    expect_guarded(stack);
  }
  KernelStack largest = *space.allocate_stack(KernelSpace::max_stack_size);
  expect_guarded(largest);
}

TEST_F(KernelSpaceTest, RefusesSizesThatNoStackHas) {
  EXPECT_EQ(space.allocate_stack(0).error(), std::errc::invalid_argument);
  EXPECT_EQ(space.allocate_stack(KernelSpace::max_stack_size + 1).error(),
            std::errc::invalid_argument);
  EXPECT_EQ(space.allocate_stack(SIZE_MAX).error(), std::errc::invalid_argument);
}

TEST_F(KernelSpaceTest, ReusesPlacesAndMemory) {
  space.allocate_stack(16_KiB)->free(); // tables and records stay
  const std::uint64_t before = frames().statistics().free;
  std::set<std::uint64_t> bottoms;
  for (int i = 0; i < 1000; ++i) {
    KernelStack stack = *space.allocate_stack(16_KiB);
    bottoms.insert(stack.bottom().value());
  }
  EXPECT_EQ(bottoms.size(), 1U);
  EXPECT_EQ(frames().statistics().free, before);
}

TEST_F(KernelSpaceTest, UnmapsWhatWasFreed) {
  KernelStack stack = *space.allocate_stack(16_KiB);
  const VirtualAddress inside = stack.bottom() + 123;
  stack.free();
  EXPECT_EQ(stack.size_bytes(), 0U);
  EXPECT_TRUE(is_stack_guard(inside));
  stack.free();
}

TEST_F(KernelSpaceTest, KnowsThatOtherAddressesAreNoGuards) {
  EXPECT_FALSE(is_stack_guard(VirtualAddress(0)));
  EXPECT_FALSE(is_stack_guard(layout::kernel_space_end));
  EXPECT_FALSE(is_stack_guard(layout::kernel_space_start - 1));
}

TEST_F(KernelSpaceTest, LiesElsewhereWithAnotherSeed) {
  std::set<std::uint64_t> bottoms;
  std::vector<KernelStack> stacks;
  std::mt19937_64 random(1);
  for (int i = 0; i < 32; ++i) {
    KernelSpace other;
    other.initialize(random());
    KernelStack stack = *other.allocate_stack(16_KiB);
    EXPECT_GE(stack.bottom(), layout::kernel_space_start);
    EXPECT_LT(stack.top(), layout::kernel_space_end);
    bottoms.insert(stack.bottom().value());
  }
  EXPECT_EQ(bottoms.size(), 32U);
}

TEST_F(KernelSpaceTest, HoldsAThousandStacks) {
  std::vector<KernelStack> stacks;
  std::set<std::uint64_t> bottoms;
  for (int i = 0; i < 1000; ++i) {
    Result<KernelStack> stack = space.allocate_stack(16_KiB);
    ASSERT_TRUE(stack.has_value()) << i;
    bottoms.insert(stack->bottom().value());
    stacks.push_back(std::move(*stack));
  }
  EXPECT_EQ(bottoms.size(), 1000U);
}

TEST_F(KernelSpaceTest, GivesEverythingBackWhenMemoryRunsOut) {
  KernelStack one = *space.allocate_stack(200_KiB);
  for (std::size_t left = 0; left < 60; ++left) {
    world.leave_frames(left);
    const std::uint64_t before = frames().statistics().free;
    const std::size_t blocks = heap().statistics().bytes_in_use;
    Result<KernelStack> two = space.allocate_stack(200_KiB);
    if (!two) {
      EXPECT_EQ(two.error(), std::errc::not_enough_memory);
      EXPECT_GE(frames().statistics().free + 1, before); // a table of the upper half may stay
      EXPECT_EQ(heap().statistics().bytes_in_use, blocks);
    }
    world.give_back();
  }
}

} // namespace
} // namespace skerry::mm
