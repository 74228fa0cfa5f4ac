// SPDX-License-Identifier: Apache-2.0
// Objects in the application's address space: shared, and copied on write.
#include "address_space_fixture.hpp"
#include "test_object.hpp"

namespace skerry::mm {
namespace {

using hal::Access;
using kernel::AccessKind;
using test::AddressSpaceTest;
using test::base;
using test::TestObject;

class ObjectMapping : public AddressSpaceTest {
protected:
  void map_object(bool is_shared, Access access = Access::read_write) {
    ASSERT_TRUE(space
                    .map({.hint = base,
                          .size_bytes = 8 * page_size,
                          .access = access,
                          .placement = Placement::fixed,
                          .is_shared = is_shared,
                          .object = ObjectReference(&object),
                          .object_page = 2})
                    .has_value());
  }
  TestObject object;
};

TEST_F(ObjectMapping, ShowsTheObjectUntilThePageIsWrittenTo) {
  map_object(false);
  EXPECT_EQ(read(base), 102);
  EXPECT_EQ(object.uses[2], 1U);
  *object.value(2) = std::byte{50};
  EXPECT_EQ(read(base), 50);
  write(base, 7);
  EXPECT_EQ(object.uses[2], 0U);
  EXPECT_EQ(read(base), 7);
  EXPECT_EQ(*object.value(2), std::byte{50});
  write(base + page_size, 8); // without a read before
  EXPECT_EQ(*object.value(3), std::byte{103});
  EXPECT_EQ(object.uses_of_all(), 0U);
  EXPECT_EQ(object.taken_for_writing, 0);
}

TEST_F(ObjectMapping, KeepsCopiesWhenRightsChange) {
  map_object(false);
  write(base, 7);
  EXPECT_EQ(read(base + page_size), 103);
  ASSERT_TRUE(space.protect(base, 2 * page_size, Access::read).has_value());
  ASSERT_TRUE(space.protect(base, 2 * page_size, Access::read_write).has_value());
  write(base, 9);
  write(base + page_size, 9);
  EXPECT_EQ(*object.value(2), std::byte{102});
  EXPECT_EQ(*object.value(3), std::byte{103});
  EXPECT_EQ(read(base), 9);
}

TEST_F(ObjectMapping, WritesThroughWhenShared) {
  map_object(true);
  EXPECT_EQ(read(base), 102);
  EXPECT_EQ(object.taken_for_writing, 0);
  write(base, 7);
  EXPECT_EQ(object.taken_for_writing, 1); // the object knows that the page is dirty
  EXPECT_EQ(*object.value(2), std::byte{7});
  EXPECT_EQ(object.uses[2], 1U);
  EXPECT_EQ(space.statistics().charged, 0U);
}

TEST_F(ObjectMapping, ReportsPagesThatTheObjectDoesNotHave) {
  ASSERT_TRUE(space
                  .map({.hint = base,
                        .size_bytes = 2 * page_size,
                        .access = Access::read,
                        .placement = Placement::fixed,
                        .object = ObjectReference(&object),
                        .object_page = TestObject::pages - 1})
                  .has_value());
  EXPECT_EQ(touch(base, AccessKind::read), FaultOutcome::resolved);
  EXPECT_EQ(touch(base + page_size, AccessKind::read), FaultOutcome::object_error);
}

TEST_F(ObjectMapping, BeginsAgainWhenTheAreaIsGoneBeforeThePageIsThere) {
  map_object(false);
  object.before_take = [] { (void)application_space().lock()->unmap(base, 8 * page_size); };
  EXPECT_EQ(touch(base, AccessKind::read), FaultOutcome::no_mapping);
  EXPECT_EQ(object.uses_of_all(), 0U);
}

TEST_F(ObjectMapping, LetsGoOfTheObject) {
  map_object(false);
  write(base, 1);
  EXPECT_EQ(read(base + page_size), 103);
  ASSERT_TRUE(space.unmap(base + page_size, 3 * page_size).has_value());
  EXPECT_EQ(object.references, 2);
  EXPECT_EQ(read(base + 5 * page_size), 107);
  ASSERT_TRUE(space.unmap(base, 8 * page_size).has_value());
  EXPECT_EQ(object.references, 0);
  EXPECT_EQ(object.uses_of_all(), 0U);
}

TEST_F(ObjectMapping, KeepsTheObjectWhenACopyCannotBeHad) {
  map_object(false);
  EXPECT_EQ(read(base), 102);
  world.leave_frames(0);
  EXPECT_EQ(touch(base), FaultOutcome::out_of_memory);
  world.give_back();
  EXPECT_EQ(read(base), 102);
  write(base, 4);
  EXPECT_EQ(*object.value(2), std::byte{102});
}

TEST_F(ObjectMapping, ForgetsPagesThatTheObjectTakesBack) {
  map_object(false);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(read(base + i * page_size), 102 + i);
  }
  write(base + page_size, 7); // a copy, which stays
  space.forget_object(object, 3, 5);
  EXPECT_EQ(object.uses[2], 1U);
  EXPECT_EQ(object.uses[4], 0U);
  EXPECT_EQ(object.uses[5], 1U);
  EXPECT_EQ(read(base + page_size), 7);
  *object.value(4) = std::byte{1};
  EXPECT_EQ(read(base + 2 * page_size), 1);
  space.forget_object(object, 0, ~std::uint64_t{0});
  EXPECT_EQ(object.uses_of_all(), 0U);
}

} // namespace
} // namespace skerry::mm
