// SPDX-License-Identifier: Apache-2.0
// One thread waits for many queues: an observer in each of them wakes its own.
#include "src/posix/poll_set.hpp"

#include <hal/clock.hpp>

#include <poll.h>

namespace skerry::posix {
namespace {

constexpr fs::Readiness always_told = POLLERR | POLLHUP | POLLNVAL;

/// The queue of the thread that polls, and whether something has changed since its last look.
struct Bell {
  kernel::WaitQueue queue;
  std::atomic<bool> rung = false;
};

class Listener final : public kernel::Observer {
public:
  Listener() : Observer(ring) {}
  ~Listener() { kernel::WaitQueue::forget(*this); }

  void listen(kernel::WaitQueue& queue, Bell& bell) {
    bell_ = &bell;
    queue.observe(*this);
  }

private:
  static void ring(Observer& observer) {
    Bell& bell = *static_cast<Listener&>(observer).bell_;
    bell.rung.store(true, std::memory_order_relaxed);
    bell.queue.wake();
  }

  Bell* bell_ = nullptr;
};

} // namespace

Result<PollSet> PollSet::make(std::size_t count) {
  PollSet set;
  set.entries_ = TRY(HeapArray<Entry>::make(count));
  return set;
}

std::size_t PollSet::look() {
  std::size_t count = 0;
  for (Entry& entry : entries_.all()) {
    if (entry.file) {
      entry.found = entry.file->poll() & (entry.wanted | always_told);
    }
    count += entry.found != 0 ? 1 : 0;
  }
  return count;
}

Result<std::size_t> PollSet::wait(Instant deadline) {
  std::size_t found = look();
  if (found != 0 || deadline <= hal::monotonic_now()) {
    return found;
  }
  Bell bell;
  const auto listeners = TRY(HeapArray<Listener>::make(size()));
  for (std::size_t i = 0; i < size(); ++i) {
    const Entry& entry = entries_.all()[i];
    kernel::WaitQueue* queue = entry.file ? entry.file->wait_queue() : nullptr;
    if (queue != nullptr) {
      listeners.all()[i].listen(*queue, bell);
    }
  }
  // What changed before the listeners were in place is seen by the first look of the predicate.
  bell.rung.store(true, std::memory_order_relaxed);
  const auto outcome = bell.queue.wait_until(
      [&] {
        if (bell.rung.exchange(false, std::memory_order_relaxed)) {
          found = look();
        }
        return found != 0;
      },
      deadline);
  if (outcome == kernel::WaitResult::interrupted) {
    return fail(std::errc::interrupted);
  }
  return found;
}

} // namespace skerry::posix
