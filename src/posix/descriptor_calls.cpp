// SPDX-License-Identifier: Apache-2.0
// Calls on descriptors as such: closing, copying, their flags.
#include "src/posix/calls.hpp"
#include "src/posix/descriptors.hpp"

#include <algorithm>
#include <fcntl.h>
#include <limits>

namespace skerry::posix {
namespace {

// close_range(2): linux/close_range.h.
constexpr unsigned close_range_unshare = 1U << 1;
constexpr unsigned close_range_cloexec = 1U << 2;

/// What F_SETFL changes. The rest of its argument is ignored, as on Linux, but for what would be
/// believed to hold from then on.
constexpr unsigned settable_flags = fs::open_flag::append | fs::open_flag::non_block;
constexpr unsigned refused_flags = O_DIRECT | O_ASYNC;

Result<long> duplicate(int descriptor, long lowest, bool close_on_exec) {
  auto file = TRY(find_file(descriptor));
  if (lowest < 0 || lowest >= descriptor_limits().soft) {
    return fail(std::errc::invalid_argument);
  }
  return TRY(open_descriptor(std::move(file), close_on_exec, static_cast<int>(lowest)));
}

Result<long> set_status_flags(fs::File& file, std::uint64_t argument) {
  if ((argument & refused_flags) != 0) {
    return fail(std::errc::invalid_argument);
  }
  const auto wanted = static_cast<unsigned>(argument) & settable_flags;
  file.set_flags((file.flags() & ~settable_flags) | wanted);
  return 0;
}

/// Locks of a process on its own file never conflict with each other (fcntl(2), "Advisory record
/// locking"), and there is no other process.
Result<long> lock_for_process(const fs::File& file, int command, UserPointer<struct flock> user) {
  auto lock = TRY(user.read());
  if (lock.l_type != F_RDLCK && lock.l_type != F_WRLCK &&
      (lock.l_type != F_UNLCK || command == F_GETLK)) {
    return fail(std::errc::invalid_argument);
  }
  if (lock.l_whence != SEEK_SET && lock.l_whence != SEEK_CUR && lock.l_whence != SEEK_END) {
    return fail(std::errc::invalid_argument);
  }
  if (command == F_GETLK) {
    lock.l_type = F_UNLCK;
    TRY(user.write(lock));
    return 0;
  }
  const bool is_allowed =
      (lock.l_type != F_RDLCK || file.can_read()) && (lock.l_type != F_WRLCK || file.can_write());
  return is_allowed ? Result<long>(0) : fail(std::errc::bad_file_descriptor);
}

} // namespace

Result<long> sys_close(int descriptor) {
  TRY(close_descriptor(descriptor));
  return 0;
}

Result<long> sys_close_range(unsigned first, unsigned last, unsigned flags) {
  if (first > last || (flags & ~(close_range_unshare | close_range_cloexec)) != 0) {
    return fail(std::errc::invalid_argument);
  }
  // Nothing to unshare: there is one table.
  const auto limit = static_cast<unsigned>(std::numeric_limits<int>::max());
  const int end = static_cast<int>(std::min(last, limit));
  for (auto next = static_cast<int>(std::min(first, limit));; ++next) {
    const auto found = next_descriptor(next);
    if (!found || *found > end) {
      return 0;
    }
    next = *found;
    // Another thread may have been faster.
    if ((flags & close_range_cloexec) != 0) {
      (void)set_closed_on_exec(next, true);
    } else {
      (void)close_descriptor(next);
    }
  }
}

Result<long> sys_dup(int descriptor) {
  return open_descriptor(TRY(find_file(descriptor)), false);
}

Result<long> sys_dup2(int descriptor, int wanted) {
  auto file = TRY(find_file(descriptor));
  if (descriptor != wanted) {
    TRY(replace_descriptor(wanted, std::move(file), false));
  }
  return wanted;
}

Result<long> sys_dup3(int descriptor, int wanted, int flags) {
  if ((flags & ~O_CLOEXEC) != 0 || descriptor == wanted) {
    return fail(std::errc::invalid_argument);
  }
  TRY(replace_descriptor(wanted, TRY(find_file(descriptor)), (flags & O_CLOEXEC) != 0));
  return wanted;
}

Result<long> sys_fcntl(int descriptor, int command, std::uint64_t argument) {
  const auto file = TRY(find_file(descriptor));
  switch (command) {
  case F_DUPFD:
    return duplicate(descriptor, static_cast<int>(argument), false);
  case F_DUPFD_CLOEXEC:
    return duplicate(descriptor, static_cast<int>(argument), true);
  case F_GETFD:
    return TRY(is_closed_on_exec(descriptor)) ? FD_CLOEXEC : 0;
  case F_SETFD:
    TRY(set_closed_on_exec(descriptor, (argument & FD_CLOEXEC) != 0));
    return 0;
  case F_GETFL:
    return file->flags();
  case F_SETFL:
    return set_status_flags(*file, argument);
  case F_GETLK:
  case F_SETLK:
  case F_SETLKW:
    return lock_for_process(*file, command, UserPointer<struct flock>(argument));
  default:
    return fail(std::errc::invalid_argument);
  }
}

} // namespace skerry::posix
