// SPDX-License-Identifier: Apache-2.0
// See the header.
#include "src/posix/local/end.hpp"

namespace skerry::posix::local {
namespace {

constinit IntrusiveList<Message> doomed;
constinit bool is_discarding = false;

} // namespace

void Message::charge_sender() {
  charge = sizeof(Message) + bytes.cost();
  sender->charged_bytes += charge;
}

Message::~Message() {
  const bool was_writable = sender->is_writable();
  sender->charged_bytes -= charge;
  if (!was_writable && sender->is_writable()) {
    sender->changes.wake_all();
  }
}

void discard(Message& message) {
  doomed.push_back(message);
  if (is_discarding) {
    return; // further out in this thread, or in one that waits for a file to close
  }
  is_discarding = true;
  while (Message* next = doomed.pop_front()) {
    const mm::Owned<Message> end(next);
  }
  is_discarding = false;
}

void End::drop() {
  if (--references == 0) {
    const mm::Owned<End> end(this);
  }
}

void End::push(Message& message) {
  messages.push_back(message);
  ++waiting;
  changes.wake_all();
}

Message& End::pop() {
  const bool was_full = is_full();
  Message& first = *messages.pop_front();
  --waiting;
  if (was_full && !is_full()) {
    wake_senders();
  }
  return first;
}

void End::wake_senders() {
  room.wake_all();
  for (End& follower : followers) {
    follower.changes.wake_all();
  }
}

void End::discard_all() {
  while (!messages.empty()) {
    discard(pop());
  }
}

void End::connect(End& one, End& other) {
  one.peer = EndReference(&other);
  other.peer = EndReference(&one);
  for (End* end : {&one, &other}) {
    end->state = State::connected;
    end->knows_peer = true;
    if (!end->has_connections()) {
      end->peer->followers.push_back(*end);
    }
  }
}

void End::follow(EndReference new_peer) {
  const EndReference old = std::exchange(peer, std::move(new_peer));
  static_cast<ListNode<FollowerTag>&>(*this).unlink();
  if (peer) {
    peer->followers.push_back(*this);
  }
  if (!old || old.get() == peer.get()) {
    return;
  }
  // What came from the old peer is not the new one's; the old one, if it still talks to us alone,
  // learns that nobody listens.
  discard_all();
  if (!old->is_closed && old->peer.get() == this) {
    old->error = std::errc::connection_reset;
    old->changes.wake_all();
  }
}

void End::close_peer(bool has_lost_data) {
  const EndReference old = std::exchange(peer, {});
  static_cast<ListNode<FollowerTag>&>(*this).unlink();
  if (!old || !has_connections()) {
    return;
  }
  old->receive_shut = true;
  old->send_shut = true;
  if (has_lost_data) {
    old->error = std::errc::connection_reset;
  }
  old->changes.wake_all();
}

void End::drop_pending() {
  while (End* first = pending.pop_front()) {
    const EndReference end = EndReference::adopt(first);
    first->close_peer(true);
    first->is_closed = true;
    first->discard_all();
  }
  pending_count = 0;
}

void End::close() {
  is_closed = true;
  receive_shut = true;
  send_shut = true;
  static_cast<ListNode<BoundTag>&>(*this).unlink();
  close_peer(!messages.empty());
  drop_pending();
  state = State::fresh;
  wake_senders();
  discard_all();
}

} // namespace skerry::posix::local
