// SPDX-License-Identifier: Apache-2.0
// Locks: the order in which they are taken is checked.
#include <kernel/locked.hpp>

#include <gtest/gtest.h>

namespace skerry {
namespace {

TEST(Locked, ReachesItsValueAndLetsOthersFollow) {
  Locked<int> value(LockRank::heap, 5);
  *value.lock() += 2;
  EXPECT_EQ(*value.lock(), 7);
}

TEST(Locked, MayBeTakenFromTheOutsideIn) {
  Locked<int> outer(LockRank::areas, 1);
  Locked<int, LockMode::thread_only> inner(LockRank::frames, 2);
  const auto first = outer.lock();
  const auto second = inner.lock();
  EXPECT_EQ(*first + *second, 3);
}

TEST(LockedDeathTest, StopsWhenLocksAreTakenFromTheInsideOut) {
  Locked<int> outer(LockRank::areas, 1);
  Locked<int> inner(LockRank::frames, 2);
  const auto guard = inner.lock();
  EXPECT_DEATH((void)outer.lock(), "further in is held .* the lock of the areas");
}

TEST(LockedDeathTest, StopsWhenTwoLocksOfOneRankAreTaken) {
  Locked<int> one(LockRank::heap, 1);
  Locked<int> other(LockRank::heap, 2);
  const auto guard = one.lock();
  EXPECT_DEATH((void)other.lock(), "the lock of the heap");
}

} // namespace
} // namespace skerry
