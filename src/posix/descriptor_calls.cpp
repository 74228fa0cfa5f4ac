// SPDX-License-Identifier: Apache-2.0
// Calls on descriptors as such: closing, copying, their flags.
#include "src/posix/calls.hpp"
#include "src/posix/descriptors.hpp"
#include "src/posix/record_locks.hpp"

#include <algorithm>
#include <fcntl.h>
#include <limits>

namespace skerry::posix {
namespace {

// close_range(2): linux/close_range.h.
constexpr unsigned close_range_cloexec = 1U << 2;

/// What F_SETFL changes. The rest of its argument is ignored, as on Linux, but for what would be
/// believed to hold from then on.
constexpr unsigned settable_flags =
    fs::open_flag::append | fs::open_flag::non_block | unsigned{O_NOATIME};
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

/// What can be done with a descriptor that refers to a place only (open(2), O_PATH).
bool is_for_places(int command) {
  return command == F_DUPFD || command == F_DUPFD_CLOEXEC || command == F_GETFD ||
         command == F_SETFD || command == F_GETFL;
}

} // namespace

Result<long> sys_close(int descriptor) {
  TRY(close_descriptor(descriptor));
  return 0;
}

Result<long> sys_close_range(unsigned first, unsigned last, unsigned flags) {
  // CLOSE_RANGE_UNSHARE would close for one thread alone, but there is one table.
  if (first > last || (flags & ~close_range_cloexec) != 0) {
    return fail(std::errc::invalid_argument);
  }
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
  if ((file->flags() & fs::open_flag::path_only) != 0 && !is_for_places(command)) {
    return fail(std::errc::bad_file_descriptor);
  }
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
  case F_OFD_GETLK:
  case F_OFD_SETLK:
  case F_OFD_SETLKW:
    return lock_record(descriptor, *file, command, UserPointer<struct flock>(argument));
  default:
    return fail(std::errc::invalid_argument);
  }
}

} // namespace skerry::posix
