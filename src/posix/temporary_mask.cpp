// SPDX-License-Identifier: Apache-2.0
// Masks for the time of a wait.
#include "src/posix/temporary_mask.hpp"

#include "src/posix/signals.hpp"
#include "src/posix/task.hpp"

namespace skerry::posix {

Result<TemporaryMask> TemporaryMask::apply(UserPointer<const std::uint64_t> mask,
                                           std::size_t size) {
  TemporaryMask result;
  if (mask.is_null()) {
    return result;
  }
  if (size != sizeof(std::uint64_t)) {
    return fail(std::errc::invalid_argument);
  }
  const SignalSet wanted(TRY(mask.read()));
  Task& task = current_task();
  task.saved_mask = task.blocked;
  task.has_saved_mask = true;
  set_blocked(wanted);
  result.applied_ = true;
  return result;
}

void TemporaryMask::end(bool interrupted) const {
  Task& task = current_task();
  if (applied_ && !interrupted && task.has_saved_mask) {
    task.has_saved_mask = false;
    set_blocked(task.saved_mask);
  }
}

} // namespace skerry::posix
