// SPDX-License-Identifier: Apache-2.0
// What a test asks of a failure: that it comes, and what it says.
#pragma once

#include "support/failure.hpp"

#include <gtest/gtest.h>
#include <string>
#include <utility>

namespace skerry::test {

/// The text of the Failure that `action` throws; a test failure when it throws none.
template <typename Action> std::string failure_of(Action&& action) {
  try {
    std::forward<Action>(action)();
  } catch (const Failure& failure) {
    return failure.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

} // namespace skerry::test
