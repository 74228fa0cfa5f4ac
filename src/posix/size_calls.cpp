// SPDX-License-Identifier: Apache-2.0
// How long files are, and making sure that what was written stays. Files lie in memory: nothing
// keeps them longer than the image runs, and nothing has to be waited for.
#include "src/posix/descriptors.hpp"
#include "src/posix/file_tree_calls.hpp"
#include "src/posix/paths.hpp"

#include <fcntl.h>

namespace skerry::posix {
namespace {

// fallocate(2): linux/falloc.h.
constexpr int keep_size = 1;
constexpr int punch_hole = 2;

constexpr unsigned known_range_flags = 7; // sync_file_range(2)
constexpr int last_advice = 5;            // posix_fadvise(2)

/// Errors: invalid_argument  the file is a pipe, a socket or such
Result<long> flushed(int descriptor) {
  TRY(node_of(descriptor));
  return 0;
}

} // namespace

Result<long> sys_truncate(UserPath path, off_t size) {
  if (size < 0) {
    return fail(std::errc::invalid_argument);
  }
  const auto node = TRY(find_node({AT_FDCWD, path}, fs::LastLink::follow));
  if (S_ISREG(node->mode())) {
    TRY(check_writable(*node));
  }
  TRY(node->resize(static_cast<std::uint64_t>(size)));
  return 0;
}

Result<long> sys_ftruncate(int descriptor, off_t size) {
  const auto file = TRY(find_file(descriptor));
  fs::Node* node = file->node();
  if (size < 0 || node == nullptr || !file->can_write()) {
    return fail(std::errc::invalid_argument);
  }
  TRY(node->resize(static_cast<std::uint64_t>(size)));
  return 0;
}

Result<long> sys_fallocate(int descriptor, int mode, off_t offset, off_t size) {
  const auto file = TRY(find_file(descriptor));
  if (offset < 0 || size <= 0) {
    return fail(std::errc::invalid_argument);
  }
  if (!file->can_write()) {
    return fail(std::errc::bad_file_descriptor);
  }
  fs::Node* node = file->node();
  if (node == nullptr) {
    return fail(std::errc::no_such_device);
  }
  const auto start = static_cast<std::uint64_t>(offset);
  const auto length = static_cast<std::uint64_t>(size);
  switch (mode) {
  case 0:
  case keep_size:
    TRY(node->allocate(start, length, mode == keep_size));
    return 0;
  case punch_hole | keep_size:
    TRY(node->punch_hole(start, length));
    return 0;
  default:
    return fail(std::errc::operation_not_supported);
  }
}

Result<long> sys_fsync(int descriptor) {
  return flushed(descriptor);
}

Result<long> sys_fdatasync(int descriptor) {
  return flushed(descriptor);
}

Result<long> sys_syncfs(int descriptor) {
  TRY(find_file(descriptor));
  return 0;
}

Result<long> sys_sync() {
  return 0;
}

Result<long> sys_sync_file_range(int descriptor, off_t offset, off_t size, unsigned flags) {
  const auto file = TRY(find_file(descriptor));
  if (offset < 0 || size < 0 || (flags & ~known_range_flags) != 0) {
    return fail(std::errc::invalid_argument);
  }
  return file->node() != nullptr ? Result<long>(0) : fail(std::errc::invalid_seek);
}

Result<long> sys_fadvise64(int descriptor, off_t, off_t size, int advice) {
  const auto file = TRY(find_file(descriptor));
  if (size < 0 || advice < 0 || advice > last_advice) {
    return fail(std::errc::invalid_argument);
  }
  return file->node() != nullptr ? Result<long>(0) : fail(std::errc::invalid_seek);
}

Result<long> sys_readahead(int descriptor, off_t, std::size_t) {
  const auto file = TRY(find_file(descriptor));
  if (!file->can_read()) {
    return fail(std::errc::bad_file_descriptor);
  }
  const fs::Node* node = file->node();
  return node != nullptr && S_ISREG(node->mode()) ? Result<long>(0)
                                                  : fail(std::errc::invalid_argument);
}

} // namespace skerry::posix
