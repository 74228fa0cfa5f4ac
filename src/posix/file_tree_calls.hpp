// SPDX-License-Identifier: Apache-2.0
// The calls on the tree of files and on what is open in it; as those in calls.hpp.
#pragma once

#include "src/posix/user_pointer.hpp"

#include <core/result.hpp>

#include <cstddef>
#include <cstdint>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <utime.h>

namespace skerry::posix {

using UserPath = UserPointer<const char>;

// Opening
Result<long> sys_open(UserPath path, int flags, mode_t mode);
Result<long> sys_openat(int directory, UserPath path, int flags, mode_t mode);
Result<long> sys_creat(UserPath path, mode_t mode);
Result<long> sys_memfd_create(UserPath name, unsigned flags);
Result<long> sys_umask(mode_t mask);

// Names
Result<long> sys_mkdir(UserPath path, mode_t mode);
Result<long> sys_mkdirat(int directory, UserPath path, mode_t mode);
Result<long> sys_mknod(UserPath path, mode_t mode, std::uint64_t device);
Result<long> sys_mknodat(int directory, UserPath path, mode_t mode, std::uint64_t device);
Result<long> sys_unlink(UserPath path);
Result<long> sys_unlinkat(int directory, UserPath path, int flags);
Result<long> sys_rmdir(UserPath path);
Result<long> sys_rename(UserPath from, UserPath to);
Result<long> sys_renameat(int from_directory, UserPath from, int to_directory, UserPath to);
Result<long> sys_renameat2(int from_directory, UserPath from, int to_directory, UserPath to,
                           unsigned flags);
Result<long> sys_link(UserPath from, UserPath to);
Result<long> sys_linkat(int from_directory, UserPath from, int to_directory, UserPath to,
                        int flags);
Result<long> sys_symlink(UserPath target, UserPath path);
Result<long> sys_symlinkat(UserPath target, int directory, UserPath path);
Result<long> sys_readlink(UserPath path, std::uint64_t buffer, std::size_t size);
Result<long> sys_readlinkat(int directory, UserPath path, std::uint64_t buffer, std::size_t size);

// What files are
Result<long> sys_stat(UserPath path, UserPointer<struct stat> result);
Result<long> sys_lstat(UserPath path, UserPointer<struct stat> result);
Result<long> sys_fstat(int descriptor, UserPointer<struct stat> result);
Result<long> sys_newfstatat(int directory, UserPath path, UserPointer<struct stat> result,
                            int flags);
Result<long> sys_statx(int directory, UserPath path, int flags, unsigned mask,
                       UserPointer<struct statx> result);
Result<long> sys_statfs(UserPath path, UserPointer<struct statfs> result);
Result<long> sys_fstatfs(int descriptor, UserPointer<struct statfs> result);
Result<long> sys_access(UserPath path, int mode);
Result<long> sys_faccessat(int directory, UserPath path, int mode);
Result<long> sys_faccessat2(int directory, UserPath path, int mode, int flags);

// What is kept of them
Result<long> sys_chmod(UserPath path, mode_t mode);
Result<long> sys_fchmod(int descriptor, mode_t mode);
Result<long> sys_fchmodat(int directory, UserPath path, mode_t mode);
Result<long> sys_fchmodat2(int directory, UserPath path, mode_t mode, int flags);
Result<long> sys_chown(UserPath path, std::uint32_t user, std::uint32_t group);
Result<long> sys_lchown(UserPath path, std::uint32_t user, std::uint32_t group);
Result<long> sys_fchown(int descriptor, std::uint32_t user, std::uint32_t group);
Result<long> sys_fchownat(int directory, UserPath path, std::uint32_t user, std::uint32_t group,
                          int flags);
Result<long> sys_utimensat(int directory, UserPath path, UserPointer<const timespec> user,
                           int flags);
Result<long> sys_utimes(UserPath path, UserPointer<const timeval> user);
Result<long> sys_futimesat(int directory, UserPath path, UserPointer<const timeval> user);
Result<long> sys_utime(UserPath path, UserPointer<const utimbuf> user);

// Directories
Result<long> sys_chdir(UserPath path);
Result<long> sys_fchdir(int descriptor);
Result<long> sys_getcwd(std::uint64_t buffer, std::size_t size);
Result<long> sys_getdents64(int descriptor, std::uint64_t buffer, unsigned size);

// Sizes, and what is written
Result<long> sys_truncate(UserPath path, off_t size);
Result<long> sys_ftruncate(int descriptor, off_t size);
Result<long> sys_fallocate(int descriptor, int mode, off_t offset, off_t size);
Result<long> sys_fsync(int descriptor);
Result<long> sys_fdatasync(int descriptor);
Result<long> sys_syncfs(int descriptor);
Result<long> sys_sync();
Result<long> sys_sync_file_range(int descriptor, off_t offset, off_t size, unsigned flags);
Result<long> sys_fadvise64(int descriptor, off_t offset, off_t size, int advice);
Result<long> sys_readahead(int descriptor, off_t offset, std::size_t size);
Result<long> sys_flock(int descriptor, int operation);

// From file to file
Result<long> sys_sendfile(int to, int from, UserPointer<off_t> offset, std::size_t size);
Result<long> sys_copy_file_range(int from, UserPointer<off_t> from_offset, int to,
                                 UserPointer<off_t> to_offset, std::size_t size, unsigned flags);
Result<long> sys_splice(int from, UserPointer<off_t> from_offset, int to,
                        UserPointer<off_t> to_offset, std::size_t size, unsigned flags);
Result<long> sys_tee(int from, int to, std::size_t size, unsigned flags);
Result<long> sys_vmsplice(int descriptor, UserPointer<const iovec> vectors, std::size_t count,
                          unsigned flags);

} // namespace skerry::posix
