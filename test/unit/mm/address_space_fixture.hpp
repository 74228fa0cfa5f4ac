// SPDX-License-Identifier: Apache-2.0
// The application's address space, empty before and after each test.
#pragma once

#include "world.hpp"

#include <mm/address_space.hpp>

#include <gtest/gtest.h>

namespace skerry::mm::test {

inline constexpr VirtualAddress base{0x5000'0000};

class AddressSpaceTest : public testing::Test {
protected:
  AddressSpaceTest() { space.initialize(7, 12'000, 12'000); }
  ~AddressSpaceTest() override {
    EXPECT_TRUE(space.unmap(layout::lower_half_start, whole_half).has_value());
    EXPECT_EQ(space.statistics().areas, 0U);
    EXPECT_EQ(space.statistics().mapped, 0U);
    EXPECT_EQ(space.statistics().resident, 0U);
    EXPECT_EQ(space.statistics().charged, 0U);
    EXPECT_FALSE(world.tables.next(layout::lower_half_start, layout::lower_half_end).has_value());
  }

  Result<VirtualAddress> map(std::size_t size, hal::Access access = hal::Access::read_write) {
    return space.map({.size_bytes = size, .access = access});
  }
  Result<VirtualAddress> map_at(VirtualAddress address, std::size_t size,
                                hal::Access access = hal::Access::read_write) {
    return space.map(
        {.hint = address, .size_bytes = size, .access = access, .placement = Placement::fixed});
  }
  static FaultOutcome touch(VirtualAddress address,
                            kernel::AccessKind kind = kernel::AccessKind::write) {
    return resolve_fault(address, kind);
  }
  /// Writes as the application would.
  void write(VirtualAddress address, int value) {
    std::byte* byte = world.reach(address, hal::Access::read_write);
    if (byte == nullptr) {
      ASSERT_EQ(touch(address), FaultOutcome::resolved);
      byte = world.reach(address, hal::Access::read_write);
    }
    ASSERT_NE(byte, nullptr);
    *byte = static_cast<std::byte>(value);
  }
  [[nodiscard]] int read(VirtualAddress address) const {
    const std::byte* byte = world.reach(address, hal::Access::read);
    if (byte == nullptr && touch(address, kernel::AccessKind::read) == FaultOutcome::resolved) {
      byte = world.reach(address, hal::Access::read);
    }
    return byte == nullptr ? -1 : static_cast<int>(*byte);
  }
  [[nodiscard]] std::size_t leaf_size(VirtualAddress address) const {
    const auto leaf = world.tables.find(address);
    return leaf ? leaf->size_bytes : 0;
  }

  static constexpr std::uint64_t whole_half = layout::lower_half_end - layout::lower_half_start;

  World& world = World::get();
  // The tests have one thread; the lock is taken by resolve_fault() only.
  AddressSpace& space = *application_space().lock();
};

} // namespace skerry::mm::test
