// SPDX-License-Identifier: Apache-2.0
// See the header.
#include "src/posix/record_locks.hpp"

#include "src/posix/descriptors.hpp"
#include "src/posix/process.hpp"

#include <fs/node.hpp>
#include <kernel/wait_queue.hpp>
#include <mm/heap.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <unistd.h>
#include <utility>

namespace skerry::posix {
namespace {

constexpr off_t last_offset = std::numeric_limits<off_t>::max();

struct RecordLockTag;

/// From the first to the last byte, both of them locked.
struct Range {
  off_t first;
  off_t last;

  [[nodiscard]] bool meets(const Range& other) const {
    return first <= other.last && other.first <= last;
  }
  /// Whether no byte lies between them, or they meet.
  [[nodiscard]] bool touches(const Range& other) const {
    return (first == 0 || first - 1 <= other.last) && (other.first == 0 || other.first - 1 <= last);
  }
};

/// A range of a file that is locked. One of an open file goes with it.
class RecordLock final : public fs::CloseWatcher, public ListNode<RecordLockTag> {
public:
  void file_closes() override;

  fs::NodeReference node;
  fs::File* owner = nullptr; ///< null for the process
  Range range{};
  bool is_exclusive = false;
};

/// What a caller wants to lock or to unlock.
struct Wish {
  fs::Node* node;
  fs::File* owner;
  Range range;
  short kind; ///< F_RDLCK, F_WRLCK or F_UNLCK
};

/// Context: thread. Calls do not run on two CPUs at once and do not block while they look.
class RecordLocks {
public:
  /// A lock of somebody else that is in the way; null when there is none.
  [[nodiscard]] const RecordLock* conflict(const Wish& wish) {
    for (const RecordLock& lock : held_) {
      if (lock.node.get() == wish.node && lock.owner != wish.owner &&
          lock.range.meets(wish.range) && (lock.is_exclusive || wish.kind == F_WRLCK)) {
        return &lock;
      }
    }
    return nullptr;
  }

  /// Does what is wished, with which nothing is in conflict.
  /// Errors: not_enough_memory  nothing was done
  [[nodiscard]] Result<> set(const Wish& wish);

  /// The process has no locks on `node` any more.
  void drop_of_process(const fs::Node* node) {
    for_each([&](RecordLock& lock) {
      if (lock.node.get() == node && lock.owner == nullptr) {
        end(lock);
      }
    });
    changes.wake_all();
  }

  void end(RecordLock& lock) {
    static_cast<ListNode<RecordLockTag>&>(lock).unlink();
    static_cast<ListNode<fs::CloseWatcherTag>&>(lock).unlink();
    mm::KernelDelete<RecordLock>{}(&lock);
  }

  kernel::WaitQueue changes;

private:
  using Spare = mm::Owned<RecordLock>;

  /// `act` may end the lock that it is called with.
  template <class Act> void for_each(Act act) {
    for (auto at = held_.begin(); at != held_.end();) {
      RecordLock& lock = *at;
      ++at;
      act(lock);
    }
  }

  void hold(Spare spare, const Wish& wish, Range range, bool is_exclusive);
  void cut_out(RecordLock& lock, const Wish& wish, Spare& spare);

  IntrusiveList<RecordLock, RecordLockTag> held_;
};

constinit RecordLocks locks;

void RecordLock::file_closes() {
  locks.end(*this);
  locks.changes.wake_all();
}

void RecordLocks::hold(Spare spare, const Wish& wish, Range range, bool is_exclusive) {
  RecordLock& lock = *spare.release();
  lock.node = fs::NodeReference(wish.node);
  lock.owner = wish.owner;
  lock.range = range;
  lock.is_exclusive = is_exclusive;
  if (wish.owner != nullptr) {
    wish.owner->watch_close(lock);
  }
  held_.push_back(lock);
}

/// Takes the range of `wish` out of a lock of the same owner that it meets.
void RecordLocks::cut_out(RecordLock& lock, const Wish& wish, Spare& spare) {
  const Range old = lock.range;
  const bool keeps_start = old.first < wish.range.first;
  const bool keeps_end = old.last > wish.range.last;
  if (keeps_start && keeps_end) { // in its middle, which happens once
    hold(std::move(spare), wish, {wish.range.last + 1, old.last}, lock.is_exclusive);
  }
  if (keeps_start) {
    lock.range.last = wish.range.first - 1;
  } else if (keeps_end) {
    lock.range.first = wish.range.last + 1;
  } else {
    end(lock);
  }
}

Result<> RecordLocks::set(const Wish& wish) {
  Spare for_end = TRY(mm::make_owned<RecordLock>());
  Spare for_wish = TRY(mm::make_owned<RecordLock>());
  const bool is_exclusive = wish.kind == F_WRLCK;
  Range range = wish.range;
  for_each([&](RecordLock& lock) {
    if (lock.node.get() != wish.node || lock.owner != wish.owner) {
      return;
    }
    const bool joins = wish.kind != F_UNLCK && lock.is_exclusive == is_exclusive;
    if (joins && lock.range.touches(wish.range)) {
      range = {std::min(range.first, lock.range.first), std::max(range.last, lock.range.last)};
      end(lock);
    } else if (lock.range.meets(wish.range)) {
      cut_out(lock, wish, for_end);
    }
  });
  if (wish.kind != F_UNLCK) {
    hold(std::move(for_wish), wish, range, is_exclusive);
  }
  changes.wake_all(); // what was exclusive may be shared now
  return {};
}

/// Where offsets of `whence` count from.
Result<off_t> base_of(fs::File& file, short whence) {
  switch (whence) {
  case SEEK_SET:
    return 0;
  case SEEK_CUR:
    return file.seek(0, SEEK_CUR).value_or(0); // files without a position have the first one
  case SEEK_END:
    return static_cast<off_t>(file.status().size_bytes);
  default:
    return fail(std::errc::invalid_argument);
  }
}

Result<Range> range_of(fs::File& file, const struct flock& lock) {
  off_t first = 0;
  if (__builtin_add_overflow(TRY(base_of(file, lock.l_whence)), lock.l_start, &first)) {
    return fail(std::errc::value_too_large);
  }
  if (first < 0) {
    return fail(std::errc::invalid_argument);
  }
  if (lock.l_len == 0) {
    return Range{first, last_offset};
  }
  if (lock.l_len < 0) { // what lies before
    return first + lock.l_len >= 0 ? Result<Range>(Range{first + lock.l_len, first - 1})
                                   : fail(std::errc::invalid_argument);
  }
  return lock.l_len - 1 <= last_offset - first ? Result<Range>(Range{first, first + lock.l_len - 1})
                                               : fail(std::errc::value_too_large);
}

/// F_UNLCK where nothing is in the way, else what is.
struct flock describe(const RecordLock* found, struct flock asked) {
  if (found == nullptr) {
    asked.l_type = F_UNLCK;
    return asked;
  }
  struct flock told{};
  told.l_type = found->is_exclusive ? F_WRLCK : F_RDLCK;
  told.l_whence = SEEK_SET;
  told.l_start = found->range.first;
  told.l_len = found->range.last == last_offset ? 0 : found->range.last - found->range.first + 1;
  told.l_pid = found->owner != nullptr ? -1 : process_id;
  return told;
}

bool is_of_open_file(int command) {
  return command == F_OFD_GETLK || command == F_OFD_SETLK || command == F_OFD_SETLKW;
}

bool only_asks(int command) {
  return command == F_GETLK || command == F_OFD_GETLK;
}

/// Errors: invalid_argument, bad_file_descriptor
Result<> check(const fs::File& file, int command, const struct flock& lock) {
  const bool unlocks = lock.l_type == F_UNLCK && !only_asks(command);
  if (lock.l_type != F_RDLCK && lock.l_type != F_WRLCK && !unlocks) {
    return fail(std::errc::invalid_argument);
  }
  const bool is_allowed = only_asks(command) || unlocks ||
                          (lock.l_type == F_RDLCK ? file.can_read() : file.can_write());
  if (!is_allowed) {
    return fail(std::errc::bad_file_descriptor);
  }
  return is_of_open_file(command) && lock.l_pid != 0 ? fail(std::errc::invalid_argument)
                                                     : Result<>();
}

/// POSIX: who closes any descriptor of a file loses the locks of the process on it.
void drop_locks(fs::File& file) {
  if (fs::Node* node = file.node()) {
    locks.drop_of_process(node);
  }
}

Result<> take(const Wish& wish, bool waits) {
  const auto is_free = [&] { return wish.kind == F_UNLCK || locks.conflict(wish) == nullptr; };
  if (!waits && !is_free()) {
    return fail(std::errc::resource_unavailable_try_again);
  }
  if (locks.changes.wait_until(is_free) == kernel::WaitResult::interrupted) {
    return fail(std::errc::interrupted);
  }
  return locks.set(wish);
}

} // namespace

Result<long> lock_record(int descriptor, fs::File& file, int command,
                         UserPointer<struct flock> user) {
  const struct flock asked = TRY(user.read());
  const Range range = TRY(range_of(file, asked));
  TRY(check(file, command, asked));
  fs::Node* node = file.node();
  if (node == nullptr && is_of_open_file(command)) {
    return fail(std::errc::invalid_argument);
  }
  const Wish wish{node, is_of_open_file(command) ? &file : nullptr, range, asked.l_type};
  if (only_asks(command)) {
    TRY(user.write(describe(locks.conflict(wish), asked)));
    return 0;
  }
  if (node == nullptr) {
    return 0; // only the process can have locks there
  }
  set_close_hook(drop_locks);
  TRY(take(wish, command == F_SETLKW || command == F_OFD_SETLKW));
  if (wish.owner == nullptr) {
    const auto now = find_file(descriptor);
    if (!now || now->get() != &file) { // it was closed meanwhile, before there was a lock to drop
      locks.drop_of_process(node);
      return fail(std::errc::bad_file_descriptor);
    }
  }
  return 0;
}

} // namespace skerry::posix
