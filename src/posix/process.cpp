// SPDX-License-Identifier: Apache-2.0
// Start of the process.
#include "src/posix/process.hpp"

#include "src/posix/descriptors.hpp"
#include "src/posix/task.hpp"

namespace skerry::posix {

Result<> start_process() {
  TRY(adopt_main_task());
  return open_standard_descriptors();
}

} // namespace skerry::posix
