// SPDX-License-Identifier: Apache-2.0
// What the application may do with its half of the address space.
#include "address_space_fixture.hpp"

#include <set>

namespace skerry::mm {
namespace {

using hal::Access;
using kernel::AccessKind;
using test::AddressSpaceTest;
using test::base;

TEST_F(AddressSpaceTest, GivesAFrameOnFirstTouch) {
  const VirtualAddress start = *map(3 * page_size);
  EXPECT_EQ(space.statistics().resident, 0U);
  EXPECT_EQ(read(start + page_size), 0);
  write(start + page_size, 9);
  EXPECT_EQ(read(start + page_size), 9);
  EXPECT_EQ(space.statistics().resident, 1U);
  EXPECT_EQ(space.statistics().mapped, 3U);
}

TEST_F(AddressSpaceTest, RefusesWhatNobodyCanMap) {
  EXPECT_EQ(map(0).error(), std::errc::invalid_argument);
  EXPECT_EQ(map(SIZE_MAX).error(), std::errc::not_enough_memory);
  EXPECT_EQ(map(whole_half + page_size).error(), std::errc::not_enough_memory);
  EXPECT_EQ(map_at(VirtualAddress(0), page_size).error(), std::errc::invalid_argument);
  EXPECT_EQ(map_at(VirtualAddress(0xf000), page_size).error(), std::errc::invalid_argument);
  EXPECT_EQ(map_at(base + 1, page_size).error(), std::errc::invalid_argument);
  EXPECT_EQ(map_at(layout::lower_half_end, page_size).error(), std::errc::invalid_argument);
  EXPECT_EQ(map_at(layout::lower_half_end - page_size, 2 * page_size).error(),
            std::errc::invalid_argument);
  EXPECT_EQ(map_at(layout::direct_map_start, page_size).error(), std::errc::invalid_argument);
  EXPECT_EQ(space.unmap(base + 5, page_size).error(), std::errc::invalid_argument);
  EXPECT_EQ(space.unmap(base, 0).error(), std::errc::invalid_argument);
  EXPECT_EQ(space.protect(base, page_size, Access::read).error(), std::errc::not_enough_memory);
  EXPECT_EQ(space.advise(base, page_size, Advice::dont_need).error(), std::errc::not_enough_memory);
}

TEST_F(AddressSpaceTest, TellsWhyAFaultCannotBeResolved) {
  ASSERT_TRUE(map_at(base, page_size, Access::read).has_value());
  ASSERT_TRUE(map_at(base + page_size, page_size, Access::none).has_value());
  ASSERT_TRUE(space
                  .map({.hint = base + 2 * page_size,
                        .size_bytes = page_size,
                        .placement = Placement::fixed,
                        .is_guard = true})
                  .has_value());
  EXPECT_EQ(touch(base - 1), FaultOutcome::no_mapping);
  EXPECT_EQ(touch(base), FaultOutcome::access_violation);
  EXPECT_EQ(touch(base, AccessKind::execute), FaultOutcome::access_violation);
  EXPECT_EQ(touch(base, AccessKind::read), FaultOutcome::resolved);
  EXPECT_EQ(touch(base + page_size, AccessKind::read), FaultOutcome::access_violation);
  EXPECT_EQ(touch(base + 2 * page_size, AccessKind::read), FaultOutcome::guard);
  EXPECT_EQ(touch(base + 3 * page_size), FaultOutcome::no_mapping);
  EXPECT_EQ(touch(layout::direct_map_start), FaultOutcome::no_mapping);
  EXPECT_EQ(touch(VirtualAddress(0), AccessKind::read), FaultOutcome::no_mapping);
}

TEST_F(AddressSpaceTest, KnowsAStackOverflow) {
  const VirtualAddress stack =
      *space.map({.size_bytes = 64_KiB, .access = Access::read_write, .is_stack = true});
  EXPECT_EQ(touch(stack - 8), FaultOutcome::guard);
  EXPECT_EQ(touch(stack - Area::stack_gap - 8), FaultOutcome::no_mapping);
  for (int i = 0; i < 20; ++i) {
    const VirtualAddress other = *map(page_size);
    EXPECT_TRUE(other >= stack + 64_KiB || other + page_size <= stack - Area::stack_gap);
  }
}

TEST_F(AddressSpaceTest, ReservesATebibyteForNothing) {
  const std::uint64_t frames_before = frames().free_count() + heap().statistics().frames_held;
  const VirtualAddress start = *map(1024_GiB, Access::none);
  ASSERT_TRUE(space.protect(start + 512_GiB, page_size, Access::read_write).has_value());
  write(start + 512_GiB, 1);
  EXPECT_EQ(space.statistics().charged, 1U);
  EXPECT_EQ(space.statistics().areas, 3U);
  ASSERT_TRUE(space.unmap(start, 1024_GiB).has_value());
  EXPECT_EQ(frames().free_count() + heap().statistics().frames_held, frames_before);
}

TEST_F(AddressSpaceTest, CountsOnlyWhatCanBeWrittenTo) {
  ASSERT_TRUE(map_at(base, 10 * page_size, Access::read).has_value());
  EXPECT_EQ(space.statistics().charged, 0U);
  ASSERT_TRUE(space.protect(base, 4 * page_size, Access::read_write).has_value());
  EXPECT_EQ(space.statistics().charged, 4U);
  ASSERT_TRUE(space.protect(base, 4 * page_size, Access::read).has_value());
  EXPECT_EQ(space.statistics().charged, 4U); // the pages may have contents
  ASSERT_TRUE(
      space.map({.size_bytes = 5 * page_size, .access = Access::read_write, .no_reserve = true})
          .has_value());
  EXPECT_EQ(space.statistics().charged, 4U);
  ASSERT_TRUE(space.unmap(base + page_size, page_size).has_value());
  EXPECT_EQ(space.statistics().charged, 3U);
}

TEST_F(AddressSpaceTest, RefusesMoreThanTheLimit) {
  ASSERT_TRUE(map_at(base, 11'000 * page_size).has_value());
  EXPECT_EQ(map(1'001 * page_size).error(), std::errc::not_enough_memory);
  EXPECT_TRUE(map(1'000 * page_size).has_value());
  EXPECT_TRUE(map_at(base, 11'000 * page_size).has_value()); // takes the place of what it replaces
  const VirtualAddress readable = *map(page_size, Access::read);
  EXPECT_EQ(space.protect(readable, page_size, Access::read_write).error(),
            std::errc::not_enough_memory);
  EXPECT_EQ(touch(readable), FaultOutcome::access_violation);
}

TEST_F(AddressSpaceTest, PutsAreasWhereTheHintSaysIfItCan) {
  EXPECT_EQ(*space.map({.hint = base, .size_bytes = page_size}), base);
  EXPECT_NE(*space.map({.hint = base, .size_bytes = page_size}), base);
  EXPECT_EQ(*space.map({.hint = base + page_size + 5, .size_bytes = page_size}), base + page_size);
  EXPECT_EQ(
      space.map({.hint = base, .size_bytes = page_size, .placement = Placement::fixed_no_replace})
          .error(),
      std::errc::file_exists);
  EXPECT_TRUE(space
                  .map({.hint = base + 8 * page_size,
                        .size_bytes = page_size,
                        .placement = Placement::fixed_no_replace})
                  .has_value());
}

TEST_F(AddressSpaceTest, PutsAreasElsewhereWithAnotherSeed) {
  std::set<VirtualAddress> places;
  for (std::uint64_t seed = 1; seed <= 64; ++seed) {
    space.initialize(seed * 0x9e37'79b9'7f4a'7c15, 12'000, 12'000);
    const VirtualAddress place = *map(page_size);
    places.insert(place);
    ASSERT_TRUE(space.unmap(place, page_size).has_value());
  }
  EXPECT_EQ(places.size(), 64U);
}

TEST_F(AddressSpaceTest, RefusesInOnePieceMoreThanThereCanBe) {
  space.initialize(1, 400, 100);
  for (int i = 0; i < 4; ++i) {
    EXPECT_TRUE(map(100 * page_size).has_value()) << i;
  }
  EXPECT_EQ(map(page_size).error(), std::errc::not_enough_memory) << "the limit for all";
  space.initialize(1, 1000, 100);
  EXPECT_EQ(map(101 * page_size).error(), std::errc::not_enough_memory);
  EXPECT_TRUE(space
                  .map({.size_bytes = 1000 * page_size,
                        .access = hal::Access::read_write,
                        .no_reserve = true})
                  .has_value());
}

TEST_F(AddressSpaceTest, MergesNeighboursThatAreAlike) {
  ASSERT_TRUE(map_at(base, page_size).has_value());
  ASSERT_TRUE(map_at(base + 2 * page_size, page_size).has_value());
  EXPECT_EQ(space.statistics().areas, 2U);
  ASSERT_TRUE(map_at(base + page_size, page_size).has_value());
  EXPECT_EQ(space.statistics().areas, 1U);
  ASSERT_TRUE(space.set_name(base + page_size, page_size, "middle").has_value());
  EXPECT_EQ(space.statistics().areas, 3U);
  EXPECT_EQ(space.find(base + page_size)->name.text(), "middle");
  ASSERT_TRUE(space.set_name(base + page_size, page_size, "").has_value());
  EXPECT_EQ(space.statistics().areas, 1U);
}

TEST_F(AddressSpaceTest, UsesLargePagesInAreasThatAreLargeEnough) {
  const VirtualAddress start = *map(8_MiB);
  EXPECT_TRUE(is_aligned(start.value(), large_page_size));
  write(start + 3_MiB, 1);
  EXPECT_EQ(leaf_size(start + 3_MiB), large_page_size);
  EXPECT_EQ(space.statistics().resident, 512U);
  ASSERT_TRUE(map_at(base, 2_MiB).has_value());
  write(base, 1);
  EXPECT_EQ(leaf_size(base), page_size);
}

TEST_F(AddressSpaceTest, DoesNotUseLargePagesWhereTheyDoNotFit) {
  ASSERT_TRUE(map_at(base + page_size, 8_MiB).has_value());
  write(base + page_size, 1);
  EXPECT_EQ(leaf_size(base + page_size), page_size); // begins before the area
  write(base + 8_MiB, 1);
  EXPECT_EQ(leaf_size(base + 8_MiB), page_size); // ends behind it
  write(base + 2_MiB, 1);
  EXPECT_EQ(leaf_size(base + 2_MiB), large_page_size);
  const VirtualAddress stack =
      *space.map({.size_bytes = 8_MiB, .access = Access::read_write, .is_stack = true});
  write(stack + 4_MiB, 1);
  EXPECT_EQ(leaf_size(stack + 4_MiB), page_size);
}

TEST_F(AddressSpaceTest, DoesNotUseLargePagesWhenMemoryIsShort) {
  const VirtualAddress start = *map(8_MiB);
  world.leave_frames(4000);
  write(start, 1);
  EXPECT_EQ(leaf_size(start), page_size);
  world.give_back();
}

TEST_F(AddressSpaceTest, FillsReservationsWithLargePagesOnlyFromBelow) {
  const VirtualAddress start =
      *space.map({.size_bytes = 16_MiB, .access = Access::read_write, .no_reserve = true});
  write(start + 4_MiB, 1);
  EXPECT_EQ(leaf_size(start + 4_MiB), page_size);
  write(start + 6_MiB - 1, 1);
  write(start + 6_MiB, 1);
  EXPECT_EQ(leaf_size(start + 6_MiB), large_page_size);
}

TEST_F(AddressSpaceTest, FollowsAdviceAboutLargePages) {
  ASSERT_TRUE(map_at(VirtualAddress(0x6000'0000), 8_MiB).has_value());
  const VirtualAddress start(0x6000'0000);
  ASSERT_TRUE(space.advise(start, 4_MiB, Advice::no_large_pages).has_value());
  write(start, 1);
  EXPECT_EQ(leaf_size(start), page_size);
  write(start + 4_MiB, 1);
  EXPECT_EQ(leaf_size(start + 4_MiB), large_page_size);
  ASSERT_TRUE(space.advise(start, 4_MiB, Advice::large_pages).has_value());
  write(start + 2_MiB, 1);
  EXPECT_EQ(leaf_size(start + 2_MiB), large_page_size);
}

TEST_F(AddressSpaceTest, ForgetsPartOfALargePage) {
  const VirtualAddress start = *map(8_MiB);
  for (std::uint64_t page = 0; page < 512; ++page) {
    write(start + page * page_size, 5);
  }
  const std::uint64_t before = frames().free_count();
  ASSERT_TRUE(space.advise(start + 10 * page_size, 20 * page_size, Advice::dont_need).has_value());
  EXPECT_EQ(frames().free_count(), before + 20 - 1); // one became a table
  EXPECT_EQ(read(start + 9 * page_size), 5);
  EXPECT_EQ(read(start + 10 * page_size), 0);
  EXPECT_EQ(read(start + 29 * page_size), 0);
  EXPECT_EQ(read(start + 30 * page_size), 5);
  EXPECT_EQ(space.statistics().areas, 1U);
}

TEST_F(AddressSpaceTest, ChangesRightsOfPagesThatAreThere) {
  ASSERT_TRUE(map_at(base, 4 * page_size).has_value());
  write(base, 3);
  write(base + page_size, 4);
  ASSERT_TRUE(space.protect(base, page_size, Access::none).has_value());
  ASSERT_TRUE(space.protect(base + page_size, page_size, Access::read_execute).has_value());
  EXPECT_EQ(touch(base, AccessKind::read), FaultOutcome::access_violation);
  EXPECT_EQ(touch(base + page_size), FaultOutcome::access_violation);
  EXPECT_EQ(touch(base + page_size, AccessKind::execute), FaultOutcome::resolved);
  EXPECT_EQ(read(base + page_size), 4);
  ASSERT_TRUE(space.protect(base, 2 * page_size, Access::read_write).has_value());
  EXPECT_EQ(read(base), 3);
  EXPECT_EQ(space.protect(base, 5 * page_size, Access::read).error(), std::errc::not_enough_memory);
  write(base + 3 * page_size, 1); // nothing was changed
}

TEST_F(AddressSpaceTest, GrowsInPlaceWhenThereIsRoom) {
  ASSERT_TRUE(map_at(base, 2 * page_size).has_value());
  ASSERT_TRUE(map_at(base + 5 * page_size, page_size).has_value());
  EXPECT_EQ(
      space.remap({.old_address = base, .old_size = 2 * page_size, .new_size = 5 * page_size}),
      base);
  EXPECT_EQ(space.statistics().charged, 6U);
  EXPECT_EQ(space.statistics().areas, 1U);
  EXPECT_EQ(space.remap({.old_address = base, .old_size = 5 * page_size, .new_size = 6 * page_size})
                .error(),
            std::errc::not_enough_memory);
}

TEST_F(AddressSpaceTest, ShrinksInPlace) {
  ASSERT_TRUE(map_at(base, 5 * page_size).has_value());
  EXPECT_EQ(space.remap({.old_address = base, .old_size = 5 * page_size, .new_size = page_size}),
            base);
  EXPECT_EQ(touch(base + page_size), FaultOutcome::no_mapping);
  EXPECT_EQ(space.statistics().charged, 1U);
}

TEST_F(AddressSpaceTest, MovesContents) {
  ASSERT_TRUE(map_at(base, 3 * page_size).has_value());
  write(base, 1);
  write(base + 2 * page_size, 3);
  ASSERT_TRUE(map_at(base + 3 * page_size, page_size, Access::read).has_value());
  const VirtualAddress moved = *space.remap({.old_address = base,
                                             .old_size = 3 * page_size,
                                             .new_size = 8 * page_size,
                                             .may_move = true});
  EXPECT_NE(moved, base);
  EXPECT_EQ(read(moved), 1);
  EXPECT_EQ(read(moved + page_size), 0);
  EXPECT_EQ(read(moved + 2 * page_size), 3);
  EXPECT_EQ(read(moved + 7 * page_size), 0);
  EXPECT_EQ(touch(base), FaultOutcome::no_mapping);
}

TEST_F(AddressSpaceTest, KeepsLargePagesWhenItMovesThem) {
  const VirtualAddress start = *map(8_MiB);
  write(start + 2_MiB, 6);
  ASSERT_TRUE(space.map({.hint = start + 8_MiB, .size_bytes = page_size}).has_value());
  const VirtualAddress moved =
      *space.remap({.old_address = start, .old_size = 8_MiB, .new_size = 10_MiB, .may_move = true});
  EXPECT_EQ(read(moved + 2_MiB), 6);
  EXPECT_EQ(leaf_size(moved + 2_MiB), large_page_size);
  const VirtualAddress crooked = *space.remap({.old_address = moved,
                                               .old_size = 10_MiB,
                                               .new_size = 10_MiB,
                                               .may_move = true,
                                               .new_address = base + page_size});
  EXPECT_EQ(read(crooked + 2_MiB), 6);
  EXPECT_EQ(leaf_size(crooked + 2_MiB), page_size);
}

TEST_F(AddressSpaceTest, RefusesToRemapWhatIsNotOneArea) {
  ASSERT_TRUE(map_at(base, 2 * page_size).has_value());
  EXPECT_EQ(
      space.remap({.old_address = base, .old_size = 3 * page_size, .new_size = page_size}).error(),
      std::errc::bad_address);
  EXPECT_EQ(
      space.remap({.old_address = base - page_size, .old_size = page_size, .new_size = 1}).error(),
      std::errc::bad_address);
  EXPECT_EQ(space.remap({.old_address = base, .old_size = page_size, .new_size = 0}).error(),
            std::errc::invalid_argument);
  EXPECT_EQ(space
                .remap({.old_address = base,
                        .old_size = 2 * page_size,
                        .new_size = 2 * page_size,
                        .may_move = true,
                        .new_address = base + page_size})
                .error(),
            std::errc::invalid_argument);
  EXPECT_EQ(space
                .remap({.old_address = base,
                        .old_size = page_size,
                        .new_size = page_size,
                        .new_address = base + 8 * page_size})
                .error(),
            std::errc::invalid_argument);
}

TEST_F(AddressSpaceTest, SaysThatMemoryIsOutAndRecovers) {
  const VirtualAddress start = *map(64 * page_size);
  write(start, 1); // tables are there
  world.leave_frames(3);
  std::uint64_t touched = 1;
  while (touch(start + touched * page_size) == FaultOutcome::resolved) {
    ++touched;
  }
  EXPECT_EQ(touch(start + touched * page_size), FaultOutcome::out_of_memory);
  EXPECT_EQ(touched, 4U);
  world.give_back();
  EXPECT_EQ(touch(start + touched * page_size), FaultOutcome::resolved);
}

TEST_F(AddressSpaceTest, PopulatesARange) {
  const VirtualAddress start = *map(20 * page_size);
  ASSERT_TRUE(populate(start + 5 * page_size, 10 * page_size).has_value());
  EXPECT_EQ(space.statistics().resident, 10U);
  ASSERT_TRUE(map_at(base, 4 * page_size, Access::read).has_value());
  ASSERT_TRUE(populate(base, 4 * page_size).has_value());
  EXPECT_EQ(populate(base, 5 * page_size).error(), std::errc::not_enough_memory);
}

} // namespace
} // namespace skerry::mm
