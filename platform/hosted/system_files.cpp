// SPDX-License-Identifier: Apache-2.0
// Stands for src/posix/system_files.cpp: a hosted process has no application of which /proc could
// tell.
#include <core/result.hpp>

namespace skerry::posix {

void expect_system_files() {}

Result<> enter_expected_system_files() {
  return {};
}

} // namespace skerry::posix
