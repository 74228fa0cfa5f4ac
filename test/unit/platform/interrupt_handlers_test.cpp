// SPDX-License-Identifier: Apache-2.0
// Vectors and the handlers behind them.
#include "platform/x86_64/interrupt_handlers.hpp"

#include <gtest/gtest.h>
#include <memory>

namespace skerry::x86_64 {
namespace {

bool count_up(void* context) {
  ++*static_cast<int*>(context);
  return true;
}

TEST(InterruptHandlers, CallsNobodyForAVectorThatIsFree) {
  const auto handlers = std::make_unique<InterruptHandlers>();
  for (unsigned vector = 0; vector < vector_count; ++vector) {
    EXPECT_EQ(handlers->call(vector), Served::nobody_waits);
  }
}

TEST(InterruptHandlers, CallsEveryHandlerOfASharedVector) {
  const auto handlers = std::make_unique<InterruptHandlers>();
  int first = 0;
  int second = 0;
  int other = 0;
  const auto vector = handlers->allocate(count_up, &first);
  ASSERT_TRUE(vector);
  ASSERT_TRUE(handlers->share(*vector, count_up, &second));
  const auto other_vector = handlers->allocate(count_up, &other);
  ASSERT_TRUE(other_vector);
  EXPECT_NE(*vector, *other_vector);
  EXPECT_EQ(handlers->call(*vector), Served::claimed);
  EXPECT_EQ(handlers->call(*vector), Served::claimed);
  EXPECT_EQ(first, 2);
  EXPECT_EQ(second, 2);
  EXPECT_EQ(other, 0);
}

TEST(InterruptHandlers, GivesOutDeviceVectorsOnlyAndThenRefuses) {
  const auto handlers = std::make_unique<InterruptHandlers>();
  int calls = 0;
  for (unsigned vector = first_device_vector; vector <= last_device_vector; ++vector) {
    EXPECT_EQ(handlers->allocate(count_up, &calls), vector);
  }
  EXPECT_EQ(handlers->allocate(count_up, &calls).error(), std::errc::no_space_on_device);
  EXPECT_EQ(handlers->call(timer_vector), Served::nobody_waits);
  EXPECT_EQ(handlers->call(spurious_vector), Served::nobody_waits);
}

TEST(InterruptHandlers, RefusesMoreHandlersThanItHasRoomFor) {
  const auto handlers = std::make_unique<InterruptHandlers>();
  int calls = 0;
  const auto vector = handlers->allocate(count_up, &calls);
  ASSERT_TRUE(vector);
  while (handlers->share(*vector, count_up, &calls)) {
  }
  EXPECT_EQ(handlers->call(*vector), Served::claimed);
  EXPECT_EQ(calls, 256);
  EXPECT_EQ(handlers->allocate(count_up, &calls).error(), std::errc::no_space_on_device);
}

bool claim_when(void* flag) {
  return *static_cast<bool*>(flag);
}

TEST(InterruptHandlers, V13_SayOnceThatALineComesForNobody) {
  const auto handlers = std::make_unique<InterruptHandlers>();
  bool first = false;
  bool second = false;
  const auto vector = handlers->allocate(claim_when, &first);
  ASSERT_TRUE(vector);
  ASSERT_TRUE(handlers->share(*vector, claim_when, &second));
  constexpr auto limit = InterruptHandlers::max_unclaimed;
  for (std::uint32_t i = 1; i < limit; ++i) {
    ASSERT_EQ(handlers->call(*vector), Served::unclaimed);
  }
  for (bool* reason : {&first, &second}) {
    *reason = true;
    EXPECT_EQ(handlers->call(*vector), Served::claimed) << "by one of those that share it";
    *reason = false;
    for (std::uint32_t i = 1; i < limit; ++i) {
      ASSERT_EQ(handlers->call(*vector), Served::unclaimed) << "the count began anew";
    }
  }
  EXPECT_EQ(handlers->call(*vector), Served::storm);
  EXPECT_EQ(handlers->call(*vector), Served::unclaimed) << "once";
}

} // namespace
} // namespace skerry::x86_64
