// SPDX-License-Identifier: Apache-2.0
// The generator: it refuses before it is seeded, and never repeats itself after.
#include "platform/hosted/random.hpp"

#include <kernel/devices.hpp>
#include <kernel/random.hpp>

#include <array>
#include <cstring>
#include <gtest/gtest.h>
#include <set>
#include <vector>

namespace skerry::kernel {
namespace {

// One test, for the generator is the process' only one and cannot be unseeded.
TEST(Random, RefusesUntilSeededAndThenFillsEveryByte) {
  hosted::limit_hardware_seed(31); // one byte less than a seed
  start_random();
  EXPECT_FALSE(random_is_seeded());
  std::array<std::byte, 16> buffer{};
  EXPECT_EQ(random_bytes(buffer).error(), std::errc::resource_unavailable_try_again);
  EXPECT_EQ(buffer, (std::array<std::byte, 16>{}));

  hosted::limit_hardware_seed(SIZE_MAX);
  start_random();
  EXPECT_TRUE(random_is_seeded());
  for (const std::size_t size : {1U, 31U, 223U, 224U, 225U, 4096U, 10'000U}) {
    // A byte that stays zero in 40 fillings was not filled.
    std::vector<bool> touched(size);
    for (int round = 0; round < 40; ++round) {
      std::vector<std::byte> bytes(size);
      ASSERT_TRUE(random_bytes(bytes));
      for (std::size_t i = 0; i < size; ++i) {
        touched[i] = touched[i] || bytes[i] != std::byte{0};
      }
    }
    EXPECT_EQ(std::count(touched.begin(), touched.end(), false), 0) << size;
  }
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 10'000; ++i) {
    seen.insert(*random_value<std::uint64_t>());
  }
  EXPECT_EQ(seen.size(), 10'000U);
}

} // namespace
} // namespace skerry::kernel
