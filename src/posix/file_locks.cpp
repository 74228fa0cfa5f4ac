// SPDX-License-Identifier: Apache-2.0
// flock(2): locks that belong to open files, which even one process has several of.
#include "src/posix/descriptors.hpp"
#include "src/posix/file_tree_calls.hpp"

#include <fs/node.hpp>
#include <kernel/wait_queue.hpp>
#include <mm/heap.hpp>

#include <sys/file.h>

namespace skerry::posix {
namespace {

struct FileLockTag;

/// One lock that is held. Goes with its file.
class FileLock final : public fs::CloseWatcher, public ListNode<FileLockTag> {
public:
  FileLock(fs::File& owner, bool exclusive) : file(&owner), is_exclusive(exclusive) {}
  void file_closes() override;

  fs::File* file;
  bool is_exclusive;
};

/// Context: thread. Calls do not run on two CPUs at once and do not block while they look.
struct FileLocks {
  IntrusiveList<FileLock, FileLockTag> held;
  kernel::WaitQueue changes;

  FileLock* of(const fs::File& file) {
    for (FileLock& lock : held) {
      if (lock.file == &file) {
        return &lock;
      }
    }
    return nullptr;
  }

  /// Whether nobody else's lock is in the way.
  bool is_free_for(fs::File& file, bool exclusive) {
    for (const FileLock& lock : held) {
      const bool is_other = lock.file != &file && lock.file->node() == file.node();
      if (is_other && (exclusive || lock.is_exclusive)) {
        return false;
      }
    }
    return true;
  }

  void end(FileLock* lock) {
    static_cast<ListNode<FileLockTag>*>(lock)->unlink();
    static_cast<ListNode<fs::CloseWatcherTag>*>(lock)->unlink();
    mm::KernelDelete<FileLock>{}(lock);
    changes.wake_all();
  }
};

constinit FileLocks locks;

void FileLock::file_closes() {
  locks.end(this);
}

Result<> take(fs::File& file, bool exclusive, bool waits) {
  if (FileLock* old = locks.of(file)) {
    locks.end(old); // changing the kind lets go first, as on Linux
  }
  auto lock = TRY(mm::make_owned<FileLock>(file, exclusive));
  const auto is_free = [&] { return locks.is_free_for(file, exclusive); };
  if (!waits && !is_free()) {
    return fail(std::errc::resource_unavailable_try_again);
  }
  if (locks.changes.wait_until(is_free) == kernel::WaitResult::interrupted) {
    return fail(std::errc::interrupted);
  }
  file.watch_close(*lock);
  locks.held.push_back(*lock.release());
  return {};
}

} // namespace

Result<long> sys_flock(int descriptor, int operation) {
  const auto file = TRY(find_file(descriptor));
  if ((file->flags() & fs::open_flag::path_only) != 0) {
    return fail(std::errc::bad_file_descriptor);
  }
  const bool waits = (operation & LOCK_NB) == 0;
  switch (operation & ~LOCK_NB) {
  case LOCK_SH:
  case LOCK_EX:
    if (file->node() == nullptr) {
      return fail(std::errc::bad_file_descriptor);
    }
    TRY(take(*file, (operation & LOCK_EX) != 0, waits));
    return 0;
  case LOCK_UN:
    if (FileLock* lock = locks.of(*file)) {
      locks.end(lock);
    }
    return 0;
  default:
    return fail(std::errc::invalid_argument);
  }
}

} // namespace skerry::posix
