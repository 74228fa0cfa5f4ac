// SPDX-License-Identifier: Apache-2.0
// The set and the ready list of an epoll.
#include "src/posix/epoll.hpp"

#include <algorithm>
#include <utility>

namespace skerry::posix {
namespace {

constexpr std::uint32_t always_told = EPOLLERR | EPOLLHUP;
/// Bits of an event that say how, not what.
constexpr std::uint32_t manner = EPOLLET | EPOLLONESHOT | EPOLLEXCLUSIVE | EPOLLWAKEUP;

} // namespace

void EpollEntry::changed(Observer& observer) {
  auto& entry = static_cast<EpollEntry&>(observer);
  entry.owner_.mark_ready(entry);
}

void EpollEntry::file_closes() {
  owner_.drop(*this);
}

void Epoll::mark_ready(EpollEntry& entry) {
  bool is_news = false;
  {
    const auto ready = ready_.lock();
    auto& node = static_cast<ListNode<ReadyTag>&>(entry);
    if (entry.events_ == 0) {
      return;
    }
    is_news = !node.is_linked();
    if (is_news) {
      ready->push_back(entry);
    }
  }
  if (is_news) {
    changes_.wake(1);
  }
  watched_.wake_all();
}

EpollEntry* Epoll::find(int descriptor, const fs::File& file) const {
  const auto slot = static_cast<std::size_t>(descriptor);
  EpollEntry* entry = slot < slots_.size ? slots_.entries[slot] : nullptr;
  while (entry != nullptr && &entry->file_ != &file) {
    entry = entry->next_;
  }
  return entry;
}

Result<> Epoll::reserve(int descriptor) {
  const auto needed = static_cast<std::size_t>(descriptor) + 1;
  if (needed <= slots_.size) {
    return {};
  }
  const std::size_t size = std::max({needed, slots_.size * 2, std::size_t{16}});
  auto* fresh = static_cast<EpollEntry**>(TRY(mm::heap().allocate(size * sizeof(EpollEntry*))));
  std::copy_n(slots_.entries, slots_.size, fresh);
  std::fill(fresh + slots_.size, fresh + size, nullptr);
  mm::heap().free(std::exchange(slots_.entries, fresh));
  slots_.size = size;
  return {};
}

void Epoll::set_events(EpollEntry& entry, const epoll_event& event) {
  entry.data_ = event.data;
  entry.events_ = event.events | always_told;
  if ((entry.file_.poll() & entry.events_ & ~manner) != 0) {
    mark_ready(entry);
  }
}

Result<> Epoll::add(int descriptor, fs::File& file, const epoll_event& event) {
  if (find(descriptor, file) != nullptr) {
    return fail(std::errc::file_exists);
  }
  kernel::WaitQueue* queue = file.wait_queue();
  if (queue == nullptr) {
    return fail(std::errc::operation_not_permitted);
  }
  TRY(reserve(descriptor));
  auto owned = TRY(mm::make_owned<EpollEntry>(*this, file, descriptor));
  if (Epoll* inner = as_epoll(file)) {
    TRY(link_inner(*owned, *inner));
  }
  EpollEntry& entry = *owned.release();
  entry.next_ = std::exchange(slots_.entries[descriptor], &entry);
  file.watch_close(entry);
  queue->observe(entry);
  set_events(entry, event);
  return {};
}

Result<> Epoll::link_inner(EpollEntry& entry, Epoll& inner) {
  inner.watchers_.push_back(entry);
  if (raise_levels(inner.levels_ + 1)) {
    return {};
  }
  static_cast<ListNode<WatcherTag>&>(entry).unlink();
  count_levels();
  return fail(std::errc::too_many_symbolic_link_levels);
}

bool Epoll::raise_levels(unsigned levels) {
  if (levels <= levels_) {
    return true;
  }
  if (levels > max_levels) {
    return false; // in a circle each would have to be higher than itself
  }
  levels_ = levels;
  for (EpollEntry& watcher : watchers_) {
    if (!watcher.owner_.raise_levels(levels + 1)) {
      return false;
    }
  }
  return true;
}

void Epoll::count_levels() {
  unsigned levels = 1;
  for (std::size_t i = 0; i < slots_.size; ++i) {
    for (EpollEntry* entry = slots_.entries[i]; entry != nullptr; entry = entry->next_) {
      const Epoll* inner = as_epoll(entry->file_);
      levels = inner != nullptr ? std::max(levels, inner->levels_ + 1) : levels;
    }
  }
  if (std::exchange(levels_, levels) != levels) {
    for (EpollEntry& watcher : watchers_) {
      watcher.owner_.count_levels();
    }
  }
}

Result<> Epoll::modify(int descriptor, fs::File& file, const epoll_event& event) {
  EpollEntry* entry = find(descriptor, file);
  if (entry == nullptr) {
    return fail(std::errc::no_such_file_or_directory);
  }
  set_events(*entry, event);
  return {};
}

Result<> Epoll::remove(int descriptor, fs::File& file) {
  EpollEntry* entry = find(descriptor, file);
  if (entry == nullptr) {
    return fail(std::errc::no_such_file_or_directory);
  }
  drop(*entry);
  return {};
}

void Epoll::drop(EpollEntry& entry) {
  kernel::WaitQueue::forget(entry);
  static_cast<ListNode<fs::CloseWatcherTag>&>(entry).unlink();
  {
    const auto ready = ready_.lock();
    static_cast<ListNode<ReadyTag>&>(entry).unlink();
  }
  EpollEntry** link = &slots_.entries[entry.descriptor_];
  while (*link != &entry) {
    link = &(*link)->next_;
  }
  *link = entry.next_;
  if (const Epoll* inner = as_epoll(entry.file_)) {
    static_cast<ListNode<WatcherTag>&>(entry).unlink();
    if (inner->levels_ + 1 == levels_) {
      count_levels();
    }
  }
  const mm::Owned<EpollEntry> end(&entry);
}

EpollEntry* Epoll::next_ready() {
  const auto ready = ready_.lock();
  return ready->pop_front();
}

void Epoll::keep(ReadyList& list, EpollEntry& entry) {
  // An interrupt may have put it on the list of those that are ready in the meantime.
  const auto ready = ready_.lock();
  if (!static_cast<ListNode<ReadyTag>&>(entry).is_linked()) {
    list.push_back(entry);
  }
}

void Epoll::put_back(ReadyList& list) {
  const auto ready = ready_.lock();
  while (EpollEntry* entry = list.pop_front()) {
    ready->push_back(*entry);
  }
}

Result<std::size_t> Epoll::take(UserPointer<epoll_event> events, std::size_t count) {
  ReadyList again; // level-triggered entries stay ready until a look finds them not to be
  Result<> written;
  std::size_t done = 0;
  while (done < count && written) {
    EpollEntry* entry = next_ready();
    if (entry == nullptr) {
      break;
    }
    const std::uint32_t found = entry->file_.poll() & entry->events_ & ~manner;
    if (found == 0) {
      continue;
    }
    written = events.element(done).write({.events = found, .data = entry->data_});
    const bool is_level = (entry->events_ & (EPOLLET | EPOLLONESHOT)) == 0;
    if (!written || is_level) {
      keep(again, *entry);
    } else if ((entry->events_ & EPOLLONESHOT) != 0) {
      entry->events_ = 0;
    }
    done += written ? 1 : 0;
  }
  put_back(again);
  return written || done != 0 ? Result<std::size_t>(done) : fail(written.error());
}

kernel::WaitResult Epoll::wait(Instant deadline) {
  return changes_.wait_until([this] { return !ready_.lock()->empty(); }, deadline);
}

fs::Readiness Epoll::poll() {
  // Entries that were ready and are not any more leave the list on the way.
  ReadyList again;
  for (;;) {
    EpollEntry* entry = next_ready();
    if (entry == nullptr) {
      return 0;
    }
    if ((entry->file_.poll() & entry->events_ & ~manner) != 0) {
      keep(again, *entry);
      put_back(again);
      return EPOLLIN | EPOLLRDNORM;
    }
  }
}

void Epoll::destroy() {
  for (std::size_t i = 0; i < slots_.size; ++i) {
    while (slots_.entries[i] != nullptr) {
      drop(*slots_.entries[i]);
    }
  }
  mm::heap().free(slots_.entries);
  const mm::Owned<Epoll> end(this);
}

Epoll* as_epoll(fs::File& file) {
  return file.kind() == fs::FileKind::epoll ? static_cast<Epoll*>(&file) : nullptr;
}

} // namespace skerry::posix
