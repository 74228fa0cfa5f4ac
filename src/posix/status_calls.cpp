// SPDX-License-Identifier: Apache-2.0
// Asking what files are: stat(2), statx(2), statfs(2), access(2) and their kin.
#include "src/posix/descriptors.hpp"
#include "src/posix/file_tree_calls.hpp"
#include "src/posix/paths.hpp"

#include <fs/tree.hpp>

#include <fcntl.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace skerry::posix {
namespace {

static_assert(sizeof(struct stat) == 144, "the layout of stat(2) on x86-64");

constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;
constexpr long block_size = mm::page_size;
constexpr std::uint64_t bytes_per_block = 512; // of st_blocks
/// AT_NO_AUTOMOUNT and how statx(2) may be served from a copy: nothing to tell apart here.
constexpr int ignored_flags = 0x800 | 0x6000;
// f_flags of statfs(2), and that they are told: linux/statfs.h.
constexpr unsigned long read_only = 1;
constexpr unsigned long flags_are_valid = 0x20;

/// Seconds and what is left in nanoseconds, which is never negative.
template <class Time> Time time_of(std::int64_t nanoseconds) {
  std::int64_t seconds = nanoseconds / nanoseconds_per_second;
  std::int64_t rest = nanoseconds % nanoseconds_per_second;
  if (rest < 0) {
    --seconds;
    rest += nanoseconds_per_second;
  }
  Time time{};
  time.tv_sec = seconds;
  time.tv_nsec = static_cast<decltype(time.tv_nsec)>(rest);
  return time;
}

Result<fs::Status> status_of(int descriptor) {
  return TRY(find_file(descriptor))->status();
}

/// The status of what `from` leads to, which with AT_EMPTY_PATH may be any open file.
Result<fs::Status> status_at(const PathFrom& from, int flags) {
  if ((flags & ~(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW | ignored_flags)) != 0) {
    return fail(std::errc::invalid_argument);
  }
  if ((flags & AT_EMPTY_PATH) != 0 && from.directory != AT_FDCWD &&
      TRY(PathText::read(from.path)).text().empty()) {
    return status_of(from.directory);
  }
  return TRY(find_node_at(from, flags))->status();
}

Result<long> tell(const fs::Status& status, UserPointer<struct stat> result) {
  struct stat told{};
  told.st_dev = status.device;
  told.st_ino = status.number;
  told.st_nlink = status.links;
  told.st_mode = status.mode;
  told.st_uid = status.user;
  told.st_gid = status.group;
  told.st_rdev = status.special_device;
  told.st_size = static_cast<off_t>(status.size_bytes);
  told.st_blksize = block_size;
  told.st_blocks = static_cast<blkcnt_t>(status.allocated_bytes / bytes_per_block);
  told.st_atim = time_of<timespec>(status.accessed);
  told.st_mtim = time_of<timespec>(status.modified);
  told.st_ctim = time_of<timespec>(status.changed);
  TRY(result.write(told));
  return 0;
}

using StatxTime = decltype(std::declval<struct statx>().stx_atime);

struct statx extended(const fs::Status& status) {
  struct statx told{};
  told.stx_mask = STATX_BASIC_STATS | STATX_BTIME;
  told.stx_blksize = block_size;
  told.stx_nlink = status.links;
  told.stx_uid = status.user;
  told.stx_gid = status.group;
  told.stx_mode = static_cast<std::uint16_t>(status.mode);
  told.stx_ino = status.number;
  told.stx_size = status.size_bytes;
  told.stx_blocks = status.allocated_bytes / bytes_per_block;
  told.stx_atime = time_of<StatxTime>(status.accessed);
  told.stx_btime = time_of<StatxTime>(status.created);
  told.stx_ctime = time_of<StatxTime>(status.changed);
  told.stx_mtime = time_of<StatxTime>(status.modified);
  told.stx_rdev_major = major(status.special_device);
  told.stx_rdev_minor = minor(status.special_device);
  told.stx_dev_major = major(status.device);
  told.stx_dev_minor = minor(status.device);
  return told;
}

Result<long> tell_space(const fs::FileSystem& system, UserPointer<struct statfs> result) {
  const fs::Space space = system.space();
  struct statfs told{};
  told.f_type = static_cast<decltype(told.f_type)>(system.kind().magic);
  told.f_bsize = static_cast<decltype(told.f_bsize)>(space.block_bytes);
  told.f_frsize = static_cast<decltype(told.f_frsize)>(space.block_bytes);
  told.f_flags = static_cast<decltype(told.f_flags)>(flags_are_valid |
                                                     (system.is_read_only() ? read_only : 0));
  told.f_fsid.__val[0] = static_cast<int>(system.device());
  told.f_blocks = space.total;
  told.f_bfree = space.free;
  told.f_bavail = space.free;
  told.f_files = space.files;
  told.f_ffree = space.free_files;
  told.f_namelen = fs::max_name;
  TRY(result.write(told));
  return 0;
}

} // namespace

Result<long> sys_newfstatat(int directory, UserPath path, UserPointer<struct stat> result,
                            int flags) {
  return tell(TRY(status_at({directory, path}, flags)), result);
}

Result<long> sys_stat(UserPath path, UserPointer<struct stat> result) {
  return sys_newfstatat(AT_FDCWD, path, result, 0);
}

Result<long> sys_lstat(UserPath path, UserPointer<struct stat> result) {
  return sys_newfstatat(AT_FDCWD, path, result, AT_SYMLINK_NOFOLLOW);
}

Result<long> sys_fstat(int descriptor, UserPointer<struct stat> result) {
  return tell(TRY(status_of(descriptor)), result);
}

Result<long> sys_statx(int directory, UserPath path, int flags, unsigned,
                       UserPointer<struct statx> result) {
  TRY(result.write(extended(TRY(status_at({directory, path}, flags)))));
  return 0;
}

Result<long> sys_statfs(UserPath path, UserPointer<struct statfs> result) {
  const auto node = TRY(find_node({AT_FDCWD, path}, fs::LastLink::follow));
  return tell_space(node->file_system(), result);
}

Result<long> sys_fstatfs(int descriptor, UserPointer<struct statfs> result) {
  const auto file = TRY(find_file(descriptor));
  const fs::Node* node = file->node();
  return tell_space(node != nullptr ? node->file_system() : fs::memory_file_system(), result);
}

Result<long> sys_faccessat2(int directory, UserPath path, int mode, int flags) {
  if ((mode & ~(R_OK | W_OK | X_OK)) != 0 ||
      (flags & ~(AT_EACCESS | AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW)) != 0) {
    return fail(std::errc::invalid_argument);
  }
  const auto status = TRY(status_at({directory, path}, flags & ~AT_EACCESS));
  const bool is_kept = S_ISREG(status.mode) || S_ISDIR(status.mode) || S_ISLNK(status.mode);
  if ((mode & W_OK) != 0 && status.is_read_only && is_kept) {
    return fail(std::errc::read_only_file_system);
  }
  // Who runs here may do all that root may: everything, but execute what nobody may execute.
  const bool executable = S_ISDIR(status.mode) || (status.mode & 0111) != 0;
  return (mode & X_OK) == 0 || executable ? Result<long>(0) : fail(std::errc::permission_denied);
}

Result<long> sys_faccessat(int directory, UserPath path, int mode) {
  return sys_faccessat2(directory, path, mode, 0);
}

Result<long> sys_access(UserPath path, int mode) {
  return sys_faccessat2(AT_FDCWD, path, mode, 0);
}

} // namespace skerry::posix
