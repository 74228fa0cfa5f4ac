// SPDX-License-Identifier: Apache-2.0
// One process at a time; see the header.
#include "support/folder_lock.hpp"

#include "support/failure.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <print>
#include <sys/file.h>

namespace skerry {

FolderLock::FolderLock(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    throw Failure("cannot make the folder {}: {}", folder.string(), error.message());
  const auto path = folder / ".skerry-lock";
  file_ = FileDescriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (file_ && ::flock(file_.get(), LOCK_EX | LOCK_NB) == 0)
    return;
  if (file_ && errno == EWOULDBLOCK) {
    std::println(stderr, "skerry: waiting for another skerry that works in {}", folder.string());
    while (::flock(file_.get(), LOCK_EX) != 0 && errno == EINTR) {
    }
    return;
  }
  throw Failure("cannot lock {}: {}", path.string(), std::strerror(errno));
}

} // namespace skerry
