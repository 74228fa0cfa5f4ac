// SPDX-License-Identifier: Apache-2.0
// Lets allocations of the network fail. The linker puts failed_allocation.cpp between lwIP and its
// heap (test/unit/net/CMakeLists.txt), so that the port knows nothing of it.
#pragma once

#include "src/net/lwip/port.hpp"

#include <cstddef>
#include <gtest/gtest.h>

namespace skerry::net::test {

enum class Failing : std::uint8_t {
  once,      ///< that allocation only
  ever_after ///< that one and all that follow: the memory is used up
};

/// While it lives, the `nth` allocation of lwIP from now on finds no memory; 1 is the next.
/// At most one at a time.
class FailedAllocation {
public:
  FailedAllocation(std::size_t nth, Failing failing);
  ~FailedAllocation();
  FailedAllocation(const FailedAllocation&) = delete;
  FailedAllocation& operator=(const FailedAllocation&) = delete;

  /// Whether so many were asked for.
  [[nodiscard]] bool has_failed() const;
};

/// Runs `act` with its first allocation failing, then with its second, until it asks for no more;
/// after each run `settle` ends what was left half done, and all of the network's memory must have
/// come back.
template <class Act, class Settle>
void fail_each_allocation(Failing failing, const Act& act, const Settle& settle) {
  constexpr std::size_t more_than_any = 500;
  for (std::size_t nth = 1; nth < more_than_any; ++nth) {
    const std::size_t before = network_memory_bytes();
    bool has_failed = false;
    {
      const FailedAllocation failure(nth, failing);
      act();
      has_failed = failure.has_failed();
    }
    settle();
    ASSERT_EQ(network_memory_bytes(), before) << "allocation " << nth;
    ASSERT_FALSE(testing::Test::HasFailure()) << "allocation " << nth;
    if (!has_failed) {
      ASSERT_GT(nth, 1U) << "nothing was allocated";
      return;
    }
  }
  FAIL() << "it never ends";
}

} // namespace skerry::net::test
