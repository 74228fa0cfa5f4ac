// SPDX-License-Identifier: Apache-2.0
// Permissions, owners and times of files: kept and told, and never looked at.
#include "src/posix/descriptors.hpp"
#include "src/posix/file_tree_calls.hpp"
#include "src/posix/paths.hpp"

#include <fs/changes.hpp>

#include <array>
#include <fcntl.h>
#include <optional>

namespace skerry::posix {
namespace {

constexpr long nanoseconds_per_second = 1'000'000'000;
constexpr long microseconds_per_second = 1'000'000;

constexpr int known_flags = AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW;

Result<long> set_permissions(fs::Node& node, mode_t mode) {
  TRY(check_writable(node));
  if (node.as_symlink() != nullptr) {
    return fail(std::errc::operation_not_supported);
  }
  node.set_permissions(mode);
  return 0;
}

Result<long> set_owner(fs::Node& node, std::uint32_t user, std::uint32_t group) {
  TRY(check_writable(node));
  node.set_owner(user, group);
  return 0;
}

/// Times to set; those that are empty stay.
struct Times {
  std::optional<std::int64_t> accessed;
  std::optional<std::int64_t> modified;

  static Times now() {
    const std::int64_t now = fs::time_now();
    return {now, now};
  }
};

Result<std::int64_t> in_nanoseconds(const timespec& time) {
  std::int64_t result = 0;
  if (time.tv_nsec < 0 || time.tv_nsec >= nanoseconds_per_second) {
    return fail(std::errc::invalid_argument);
  }
  if (__builtin_mul_overflow(time.tv_sec, nanoseconds_per_second, &result) ||
      __builtin_add_overflow(result, time.tv_nsec, &result)) {
    return fail(std::errc::invalid_argument); // past the year 2262
  }
  return result;
}

Result<std::optional<std::int64_t>> wanted_time(const timespec& time) {
  if (time.tv_nsec == UTIME_OMIT) {
    return std::nullopt;
  }
  if (time.tv_nsec == UTIME_NOW) {
    return fs::time_now();
  }
  return TRY(in_nanoseconds(time));
}

Result<Times> read_times(UserPointer<const timespec> user) {
  if (user.is_null()) {
    return Times::now();
  }
  return Times{.accessed = TRY(wanted_time(TRY(user.read()))),
               .modified = TRY(wanted_time(TRY(user.element(1).read())))};
}

Result<std::int64_t> in_nanoseconds(const timeval& time) {
  if (time.tv_usec < 0 || time.tv_usec >= microseconds_per_second) {
    return fail(std::errc::invalid_argument);
  }
  return in_nanoseconds(timespec{.tv_sec = time.tv_sec, .tv_nsec = time.tv_usec * 1000});
}

Result<Times> read_times(UserPointer<const timeval> user) {
  if (user.is_null()) {
    return Times::now();
  }
  return Times{.accessed = TRY(in_nanoseconds(TRY(user.read()))),
               .modified = TRY(in_nanoseconds(TRY(user.element(1).read())))};
}

Result<long> set_times(fs::Node& node, const Times& times) {
  if (!times.accessed && !times.modified) {
    return 0;
  }
  TRY(check_writable(node));
  if (times.accessed) {
    node.set_accessed(*times.accessed);
  }
  if (times.modified) {
    node.set_modified(*times.modified);
  }
  node.touch_changed();
  // One time alone is set by who has read or written by other means.
  fs::tell_change(node, !times.modified   ? fs::change::accessed
                        : !times.accessed ? fs::change::modified
                                          : fs::change::attributes);
  return 0;
}

} // namespace

Result<long> sys_fchmodat2(int directory, UserPath path, mode_t mode, int flags) {
  if ((flags & ~known_flags) != 0) {
    return fail(std::errc::invalid_argument);
  }
  return set_permissions(*TRY(find_node_at({directory, path}, flags)), mode);
}

Result<long> sys_fchmodat(int directory, UserPath path, mode_t mode) {
  return sys_fchmodat2(directory, path, mode, 0);
}

Result<long> sys_chmod(UserPath path, mode_t mode) {
  return sys_fchmodat2(AT_FDCWD, path, mode, 0);
}

Result<long> sys_fchmod(int descriptor, mode_t mode) {
  return set_permissions(*TRY(node_of(descriptor)), mode);
}

Result<long> sys_fchownat(int directory, UserPath path, std::uint32_t user, std::uint32_t group,
                          int flags) {
  if ((flags & ~known_flags) != 0) {
    return fail(std::errc::invalid_argument);
  }
  return set_owner(*TRY(find_node_at({directory, path}, flags)), user, group);
}

Result<long> sys_chown(UserPath path, std::uint32_t user, std::uint32_t group) {
  return sys_fchownat(AT_FDCWD, path, user, group, 0);
}

Result<long> sys_lchown(UserPath path, std::uint32_t user, std::uint32_t group) {
  return sys_fchownat(AT_FDCWD, path, user, group, AT_SYMLINK_NOFOLLOW);
}

Result<long> sys_fchown(int descriptor, std::uint32_t user, std::uint32_t group) {
  return set_owner(*TRY(node_of(descriptor)), user, group);
}

Result<long> sys_utimensat(int directory, UserPath path, UserPointer<const timespec> user,
                           int flags) {
  if ((flags & ~known_flags) != 0) {
    return fail(std::errc::invalid_argument);
  }
  const Times times = TRY(read_times(user));
  if (path.is_null() && directory == AT_FDCWD) {
    return fail(std::errc::bad_address);
  }
  if (path.is_null()) { // futimens(3)
    return set_times(*TRY(node_of(directory)), times);
  }
  return set_times(*TRY(find_node_at({directory, path}, flags)), times);
}

Result<long> sys_futimesat(int directory, UserPath path, UserPointer<const timeval> user) {
  const Times times = TRY(read_times(user));
  return set_times(*TRY(find_node({directory, path}, fs::LastLink::follow)), times);
}

Result<long> sys_utimes(UserPath path, UserPointer<const timeval> user) {
  return sys_futimesat(AT_FDCWD, path, user);
}

Result<long> sys_utime(UserPath path, UserPointer<const utimbuf> user) {
  Times times = Times::now();
  if (!user.is_null()) {
    const utimbuf wanted = TRY(user.read());
    times.accessed = TRY(in_nanoseconds(timespec{.tv_sec = wanted.actime, .tv_nsec = 0}));
    times.modified = TRY(in_nanoseconds(timespec{.tv_sec = wanted.modtime, .tv_nsec = 0}));
  }
  return set_times(*TRY(find_node({AT_FDCWD, path}, fs::LastLink::follow)), times);
}

} // namespace skerry::posix
