// SPDX-License-Identifier: Apache-2.0
// The calls of inotify(7).
#include "src/posix/descriptors.hpp"
#include "src/posix/inotify.hpp"
#include "src/posix/paths.hpp"
#include "src/posix/readiness_calls.hpp"

#include <mm/heap.hpp>

#include <fcntl.h>

namespace skerry::posix {
namespace {

constexpr std::uint32_t known_bits = IN_ALL_EVENTS | IN_UNMOUNT | IN_Q_OVERFLOW | IN_IGNORED |
                                     IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK | IN_MASK_CREATE |
                                     IN_MASK_ADD | IN_ISDIR | IN_ONESHOT;

Result<> check_mask(std::uint32_t mask) {
  const std::uint32_t both = IN_MASK_ADD | IN_MASK_CREATE;
  return mask == 0 || (mask & ~known_bits) != 0 || (mask & both) == both
             ? fail(std::errc::invalid_argument)
             : Result<>();
}

/// Errors: bad_file_descriptor; invalid_argument  no instance of inotify
Result<fs::FileReference> find_inotify(int descriptor) {
  auto file = TRY(find_file(descriptor));
  return file->kind() == fs::FileKind::inotify ? Result<fs::FileReference>(std::move(file))
                                               : fail(std::errc::invalid_argument);
}

} // namespace

Result<long> sys_inotify_init1(int flags) {
  if ((flags & ~(IN_NONBLOCK | IN_CLOEXEC)) != 0) {
    return fail(std::errc::invalid_argument);
  }
  listen_to_changes();
  auto file = TRY(mm::make_owned<Inotify>());
  file->set_non_blocking((flags & IN_NONBLOCK) != 0);
  return TRY(open_descriptor(fs::FileReference::adopt(file.release()), (flags & IN_CLOEXEC) != 0));
}

Result<long> sys_inotify_init() {
  return sys_inotify_init1(0);
}

Result<long> sys_inotify_add_watch(int descriptor, UserPointer<const char> path,
                                   std::uint32_t mask) {
  TRY(check_mask(mask));
  const auto file = TRY(find_inotify(descriptor));
  const auto node = TRY(find_node(
      {AT_FDCWD, path}, (mask & IN_DONT_FOLLOW) != 0 ? fs::LastLink::keep : fs::LastLink::follow));
  if ((mask & IN_ONLYDIR) != 0 && node->as_directory() == nullptr) {
    return fail(std::errc::not_a_directory);
  }
  return TRY(static_cast<Inotify&>(*file).watch(*node, mask));
}

Result<long> sys_inotify_rm_watch(int descriptor, int number) {
  const auto file = TRY(find_inotify(descriptor));
  TRY(static_cast<Inotify&>(*file).unwatch(number));
  return 0;
}

} // namespace skerry::posix
