// SPDX-License-Identifier: Apache-2.0
// epoll (epoll(7)): a set of files, and the list of those of them that may be ready. A file that
// changes puts its entry on the list; whoever waits looks at the list only. One of the files may be
// an epoll itself.
#pragma once

#include "src/posix/user_pointer.hpp"

#include <core/intrusive_list.hpp>
#include <core/result.hpp>
#include <fs/file.hpp>
#include <kernel/locked.hpp>
#include <kernel/wait_queue.hpp>
#include <mm/heap.hpp>

#include <cstddef>
#include <cstdint>
#include <sys/epoll.h>

namespace skerry::posix {

struct ReadyTag;
struct WatcherTag;

class Epoll;

/// One file in one epoll. Keeps no reference: it goes when the file does.
class EpollEntry final : public kernel::Observer,
                         public fs::CloseWatcher,
                         public ListNode<ReadyTag>,
                         public ListNode<WatcherTag> {
public:
  EpollEntry(Epoll& owner, fs::File& file, int descriptor)
      : Observer(changed), owner_(owner), file_(file), descriptor_(descriptor) {}
  void file_closes() override;

private:
  friend class Epoll;
  static void changed(Observer& observer);

  Epoll& owner_;
  fs::File& file_;
  int descriptor_;
  /// What is waited for; 0 after EPOLLONESHOT has fired.
  std::uint32_t events_ = 0;
  epoll_data_t data_{};
  /// Others of the same descriptor number, which was closed while a copy lives on.
  EpollEntry* next_ = nullptr;
};

class Epoll final : public fs::File {
public:
  /// How many epolls may be in one another, the outermost and the innermost counted.
  static constexpr unsigned max_levels = 5;

  Epoll() = default;
  ~Epoll() override = default;

  /// Errors: file_exists; operation_not_permitted  a file that is always ready;
  ///         too_many_symbolic_link_levels  epolls would be in a circle, or more than max_levels
  ///         in one another; not_enough_memory
  [[nodiscard]] Result<> add(int descriptor, fs::File& file, const epoll_event& event);
  /// Errors: no_such_file_or_directory
  [[nodiscard]] Result<> modify(int descriptor, fs::File& file, const epoll_event& event);
  [[nodiscard]] Result<> remove(int descriptor, fs::File& file);

  /// Hands over what is ready now, `count` events at most; returns how many. What cannot be written
  /// to the application stays ready.
  /// Errors: bad_address  not even the first could be written
  [[nodiscard]] Result<std::size_t> take(UserPointer<epoll_event> events, std::size_t count);
  /// Blocks until take() may find something.
  [[nodiscard]] kernel::WaitResult wait(Instant deadline);

  [[nodiscard]] fs::FileKind kind() const override { return fs::FileKind::epoll; }
  [[nodiscard]] fs::Readiness poll() override;
  [[nodiscard]] kernel::WaitQueue* wait_queue() override { return &watched_; }

private:
  friend class EpollEntry;
  using ReadyList = IntrusiveList<EpollEntry, ReadyTag>;
  /// Entries by descriptor number.
  struct Slots {
    EpollEntry** entries = nullptr;
    std::size_t size = 0;
  };

  void destroy() override;
  [[nodiscard]] Result<> reserve(int descriptor);
  [[nodiscard]] EpollEntry* find(int descriptor, const fs::File& file) const;
  void set_events(EpollEntry& entry, const epoll_event& event);
  void mark_ready(EpollEntry& entry);
  [[nodiscard]] EpollEntry* next_ready();
  /// Entries that stay ready: put aside into `list` while others are looked at, and back at the
  /// end.
  void keep(ReadyList& list, EpollEntry& entry);
  void put_back(ReadyList& list);
  [[nodiscard]] Result<> link_inner(EpollEntry& entry, Epoll& inner);
  /// Makes this epoll, and those around it, that many levels high at least; false beyond the limit.
  [[nodiscard]] bool raise_levels(unsigned levels);
  /// Counts again, after an epoll has gone from this one.
  void count_levels();
  /// Takes the entry out of every list and frees it.
  void drop(EpollEntry& entry);

  Slots slots_;
  Locked<ReadyList> ready_{LockRank::readiness};
  /// Who waits for events, one woken by each; and who watches the epoll as a file, told of all.
  kernel::WaitQueue changes_;
  kernel::WaitQueue watched_;
  /// Entries of other epolls whose file is this one.
  IntrusiveList<EpollEntry, WatcherTag> watchers_;
  /// Of epolls from this one down, itself counted.
  unsigned levels_ = 1;
};

/// The epoll behind a file, or null.
[[nodiscard]] Epoll* as_epoll(fs::File& file);

} // namespace skerry::posix
