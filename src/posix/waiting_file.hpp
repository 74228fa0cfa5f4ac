// SPDX-License-Identifier: Apache-2.0
// A file whose readers and writers wait in one queue: eventfd, pipes, timers.
#pragma once

#include <fs/file.hpp>
#include <kernel/wait_queue.hpp>

namespace skerry::posix {

class WaitingFile : public fs::File {
public:
  using File::File;
  [[nodiscard]] kernel::WaitQueue* wait_queue() override { return &changes_; }

protected:
  /// Blocks until `predicate` holds.
  /// Errors: resource_unavailable_try_again  the file is non-blocking; interrupted
  template <class Predicate> [[nodiscard]] Result<> wait(Predicate&& predicate) {
    return wait(predicate, !non_blocking());
  }
  /// The same, where the caller says whether it may block.
  template <class Predicate> [[nodiscard]] Result<> wait(Predicate&& predicate, bool may_block) {
    if (!may_block) {
      return predicate() ? Result<>() : fail(std::errc::resource_unavailable_try_again);
    }
    return changes_.wait_until(predicate) == kernel::WaitResult::ready
               ? Result<>()
               : fail(std::errc::interrupted);
  }
  void changed() { changes_.wake_all(); }

private:
  kernel::WaitQueue changes_;
};

} // namespace skerry::posix
