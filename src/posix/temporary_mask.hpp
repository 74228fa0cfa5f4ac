// SPDX-License-Identifier: Apache-2.0
// The set of blocked signals that a call puts in place while it waits: ppoll, pselect, epoll_pwait.
#pragma once

#include "src/posix/user_pointer.hpp"

#include <core/result.hpp>

#include <cstddef>
#include <cstdint>

namespace skerry::posix {

class TemporaryMask {
public:
  /// Puts the set at `mask` in place; a null pointer changes nothing.
  /// Errors: bad_address; invalid_argument  `size` is not that of a set
  [[nodiscard]] static Result<TemporaryMask> apply(UserPointer<const std::uint64_t> mask,
                                                   std::size_t size);
  /// Ends the wait. After an interrupted one the old set comes back when the handler has returned,
  /// else at once.
  void end(bool interrupted) const;

private:
  bool applied_ = false;
};

} // namespace skerry::posix
