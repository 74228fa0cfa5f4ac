// SPDX-License-Identifier: Apache-2.0
// An instance of inotify(7): its watches and its queue.
#include "src/posix/inotify.hpp"

#include <mm/heap.hpp>
#include <mm/user_copy.hpp>

#include <array>
#include <cstring>
#include <poll.h>
#include <sys/ioctl.h>
#include <utility>

namespace skerry::posix {
namespace {

constinit IntrusiveList<Watch, WatchTag> watches_of_all;

/// Of what inotify_add_watch(2) is passed, what a watch keeps.
constexpr std::uint32_t kept_bits = IN_ALL_EVENTS | IN_ONESHOT;

/// Errors: not_enough_memory
Result<NotedEvent*> make_event(std::string_view name) {
  void* memory = TRY(mm::heap().allocate(sizeof(NotedEvent) + name.size(), alignof(NotedEvent)));
  auto* event = new (memory) NotedEvent;
  event->name_size = static_cast<std::uint8_t>(name.size());
  std::memcpy(static_cast<void*>(event + 1), name.data(), name.size());
  return event;
}

} // namespace

IntrusiveList<Watch, WatchTag>& all_watches() {
  return watches_of_all;
}

Watch::Watch(Inotify& owner, fs::Node& node, int number, std::uint32_t mask)
    : owner(owner), node(&node), held(node.file_system().is_read_only() ? &node : nullptr),
      number(number), mask(mask) {}

Result<int> Inotify::watch(fs::Node& node, std::uint32_t mask) {
  for (Watch& watch : watches_) {
    if (watch.node == &node) {
      if ((mask & IN_MASK_CREATE) != 0) {
        return fail(std::errc::file_exists);
      }
      watch.mask = (mask & kept_bits) | ((mask & IN_MASK_ADD) != 0 ? watch.mask : 0);
      return watch.number;
    }
  }
  Watch* made =
      TRY(mm::make_owned<Watch>(*this, node, last_number_ + 1, mask & kept_bits)).release();
  ++last_number_;
  watches_.push_back(*made);
  watches_of_all.push_back(*made);
  return made->number;
}

Result<> Inotify::unwatch(int number) {
  for (Watch& watch : watches_) {
    if (watch.number == number) {
      end(watch);
      return {};
    }
  }
  return fail(std::errc::invalid_argument);
}

void Inotify::remove(Watch& watch) {
  static_cast<ListNode<WatchTag>&>(watch).unlink();
  static_cast<ListNode<WatchOfInstanceTag>&>(watch).unlink();
  const mm::Owned<Watch> last_owner(&watch);
}

void Inotify::end(Watch& watch) {
  queue(watch.number, IN_IGNORED, {}, 0);
  remove(watch);
}

void Inotify::note(Watch& watch, std::uint32_t mask, std::string_view name, std::uint32_t cookie) {
  if ((watch.mask & mask & IN_ALL_EVENTS) == 0) {
    return;
  }
  queue(watch.number, mask, name, cookie);
  if ((watch.mask & IN_ONESHOT) != 0) {
    end(watch);
  }
}

void Inotify::queue(int watch, std::uint32_t mask, std::string_view name, std::uint32_t cookie) {
  const NotedEvent* last = events_.back();
  if (last != nullptr && last->watch == watch && last->mask == mask && last->name() == name &&
      mask != IN_IGNORED) {
    return; // the same once more
  }
  auto made = count_ < most_events ? make_event(name) : fail(std::errc::not_enough_memory);
  if (made) {
    (*made)->watch = watch;
    (*made)->mask = mask;
    (*made)->cookie = cookie;
    events_.push_back(**made);
  } else if (!overflow_.is_linked()) {
    events_.push_back(overflow_);
  } else {
    return;
  }
  ++count_;
  changed();
}

Result<> Inotify::write_front(fs::UserBuffer& buffer) {
  const NotedEvent& event = *events_.front();
  const std::string_view name = event.name();
  const std::size_t size = event.record_size();
  std::array<std::byte, sizeof(inotify_event) + fs::max_name + 1> record{};
  inotify_event head{};
  head.wd = event.watch;
  head.mask = event.mask;
  head.cookie = event.cookie;
  head.len = static_cast<std::uint32_t>(size - sizeof head);
  std::memcpy(record.data(), &head, sizeof head);
  std::memcpy(record.data() + sizeof head, name.data(), name.size());
  drop_front(); // it is lost where it cannot be written, as on Linux
  const std::size_t put = TRY(buffer.put(std::span(record).first(size)));
  return put == size ? Result<>() : fail(std::errc::bad_address);
}

void Inotify::drop_front() {
  NotedEvent* event = events_.pop_front();
  --count_;
  if (event != &overflow_) {
    mm::heap().free(event);
  }
}

Result<std::size_t> Inotify::read(fs::UserBuffer& buffer) {
  const std::size_t room = buffer.remaining();
  TRY(wait([this] { return !events_.empty(); }));
  while (!events_.empty() && events_.front()->record_size() <= buffer.remaining()) {
    TRY(write_front(buffer));
  }
  const std::size_t done = room - buffer.remaining();
  return done != 0 ? Result<std::size_t>(done) : fail(std::errc::invalid_argument);
}

Result<long> Inotify::ioctl(unsigned long request, std::uint64_t argument) {
  if (request != FIONREAD) {
    return fail(std::errc::inappropriate_io_control_operation);
  }
  int waiting = 0;
  for (const NotedEvent& event : events_) {
    waiting += static_cast<int>(event.record_size());
  }
  TRY(mm::copy_out(mm::VirtualAddress(argument), std::as_bytes(std::span(&waiting, 1))));
  return 0;
}

fs::Readiness Inotify::poll() {
  return events_.empty() ? 0 : POLLIN | POLLRDNORM;
}

void Inotify::destroy() {
  while (Watch* watch = watches_.front()) {
    remove(*watch);
  }
  while (!events_.empty()) {
    drop_front();
  }
  const mm::Owned<Inotify> last_owner(this);
}

} // namespace skerry::posix
