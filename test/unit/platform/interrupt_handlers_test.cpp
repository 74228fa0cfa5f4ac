// SPDX-License-Identifier: Apache-2.0
// Vectors and the handlers behind them.
#include "platform/x86_64/interrupt_handlers.hpp"

#include <gtest/gtest.h>
#include <memory>

namespace skerry::x86_64 {
namespace {

void count_up(void* context) {
  ++*static_cast<int*>(context);
}

TEST(InterruptHandlers, CallsNobodyForAVectorThatIsFree) {
  const auto handlers = std::make_unique<InterruptHandlers>();
  for (unsigned vector = 0; vector < vector_count; ++vector) {
    EXPECT_FALSE(handlers->call(vector));
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
  EXPECT_TRUE(handlers->call(*vector));
  EXPECT_TRUE(handlers->call(*vector));
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
  EXPECT_FALSE(handlers->call(timer_vector));
  EXPECT_FALSE(handlers->call(spurious_vector));
}

TEST(InterruptHandlers, RefusesMoreHandlersThanItHasRoomFor) {
  const auto handlers = std::make_unique<InterruptHandlers>();
  int calls = 0;
  const auto vector = handlers->allocate(count_up, &calls);
  ASSERT_TRUE(vector);
  while (handlers->share(*vector, count_up, &calls)) {
  }
  EXPECT_TRUE(handlers->call(*vector));
  EXPECT_EQ(calls, 256);
  EXPECT_EQ(handlers->allocate(count_up, &calls).error(), std::errc::no_space_on_device);
}

} // namespace
} // namespace skerry::x86_64
