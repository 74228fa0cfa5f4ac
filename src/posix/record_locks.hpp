// SPDX-License-Identifier: Apache-2.0
// Locks on ranges of files (fcntl(2), "Advisory record locking"). They belong to the process, which
// is one here, or to an open file. Those of one owner never conflict.
#pragma once

#include "src/posix/user_pointer.hpp"

#include <core/result.hpp>
#include <fs/file.hpp>

#include <fcntl.h>

namespace skerry::posix {

/// F_GETLK, F_SETLK, F_SETLKW and the same of open files (F_OFD_GETLK and so on) of fcntl(2), for
/// `file`, which `descriptor` stood for. Context: thread. The waiting ones block.
/// Errors: bad_file_descriptor  not open for what is to be locked, or closed meanwhile
///         invalid_argument     a range, a kind or a process that cannot be
///         value_too_large      the range ends behind the last offset
///         resource_unavailable_try_again  another's lock is in the way; interrupted
///         not_enough_memory, bad_address
[[nodiscard]] Result<long> lock_record(int descriptor, fs::File& file, int command,
                                       UserPointer<struct flock> user);

} // namespace skerry::posix
