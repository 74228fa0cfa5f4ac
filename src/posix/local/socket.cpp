// SPDX-License-Identifier: Apache-2.0
// Life of a local socket: bind, connect, listen, accept, shutdown, close.
#include "src/posix/local/socket.hpp"

#include "src/posix/local/bound_ends.hpp"
#include "src/posix/local/create.hpp"

#include <fs/node.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/stat.h>

namespace skerry::posix::local {
namespace {

constexpr std::size_t max_backlog = 4096; // net.core.somaxconn

/// The type that a socket gets. Errors: as of create_socket()
Result<int> type_of(int type, int protocol) {
  if (type < 0 || type > SOCK_PACKET) {
    return fail(std::errc::invalid_argument);
  }
  if (protocol != 0 && protocol != PF_UNIX) {
    return fail(std::errc::protocol_not_supported);
  }
  switch (type) {
  case SOCK_STREAM:
  case SOCK_DGRAM:
  case SOCK_SEQPACKET:
    return type;
  case SOCK_RAW:
    return SOCK_DGRAM; // as Linux has it
  default:
    return fail(static_cast<std::errc>(ESOCKTNOSUPPORT));
  }
}

Result<EndReference> make_end(int type) {
  return EndReference::adopt(TRY(mm::make_owned<End>(type)).release());
}

Result<fs::FileReference> make_file(const EndReference& end) {
  return fs::FileReference::adopt(TRY(mm::make_owned<Socket>(end)).release());
}

bool has_family(const net::SocketAddress& address, sa_family_t family) {
  sa_family_t own{};
  std::memcpy(&own, address.bytes.data(), sizeof own);
  return address.size >= sizeof own && own == family;
}

} // namespace

Result<fs::FileReference> create_socket(int type, int protocol) {
  return make_file(TRY(make_end(TRY(type_of(type, protocol)))));
}

Result<std::pair<fs::FileReference, fs::FileReference>> create_pair(int type, int protocol) {
  const int kind = TRY(type_of(type, protocol));
  const EndReference one = TRY(make_end(kind));
  const EndReference other = TRY(make_end(kind));
  auto first = TRY(make_file(one));
  auto second = TRY(make_file(other));
  End::connect(*one, *other);
  return std::pair(std::move(first), std::move(second));
}

Socket::Patience Socket::patience(bool do_not_wait, Duration timeout) const {
  return {.waits = !do_not_wait && !non_blocking(),
          .deadline = timeout == Duration() ? Instant::never() : hal::monotonic_now() + timeout};
}

Result<> Socket::bind(const net::SocketAddress& local) {
  if (local.size == sizeof(sa_family_t) && has_family(local, AF_UNIX)) {
    return bind_somewhere(*end_);
  }
  return local::bind(*end_, TRY(NameText::of(local)));
}

Result<> Socket::connect(const net::SocketAddress& peer) {
  return end_->has_connections() ? connect_to_listener(TRY(NameText::of(peer)))
                                 : connect_datagrams(peer);
}

Result<> Socket::connect_datagrams(const net::SocketAddress& peer) {
  if (has_family(peer, AF_UNSPEC)) {
    end_->follow({});
    return {};
  }
  const NameText name = TRY(NameText::of(peer));
  if (end_->passes_credentials) {
    TRY(bind_somewhere(*end_));
  }
  EndReference found = TRY(find(name, end_->type));
  if (found->peer && found->peer.get() != end_.get()) {
    return fail(std::errc::operation_not_permitted); // it listens to another alone
  }
  end_->follow(std::move(found));
  end_->knows_peer = true;
  return {};
}

Result<> Socket::connect_to_listener(const NameText& name) {
  if (end_->passes_credentials) {
    TRY(bind_somewhere(*end_));
  }
  const Patience patience = this->patience(false, send_timeout_);
  const EndReference fresh = TRY(make_end(end_->type));
  for (;;) {
    const EndReference listener = TRY(find(name, end_->type));
    if (listener->state != End::State::listening || listener->receive_shut) {
      return fail(std::errc::connection_refused);
    }
    if (listener->has_full_backlog()) {
      TRY(wait(listener->room, patience, [&] {
        return listener->is_closed || listener->receive_shut || !listener->has_full_backlog();
      }));
      continue;
    }
    if (end_->state != End::State::fresh) {
      return fail(end_->state == End::State::connected ? std::errc::already_connected
                                                       : std::errc::invalid_argument);
    }
    End::connect(*end_, *fresh);
    fresh->name = listener->name;
    fresh->hold(); // by the queue
    listener->pending.push_back(*fresh);
    ++listener->pending_count;
    listener->changes.wake_all();
    return {};
  }
}

Result<> Socket::listen(int backlog) {
  if (!end_->has_connections()) {
    return fail(std::errc::operation_not_supported);
  }
  if (!end_->name || end_->state == End::State::connected) {
    return fail(std::errc::invalid_argument);
  }
  // A negative number is a large one.
  end_->backlog = std::min<std::size_t>(static_cast<unsigned>(backlog), max_backlog);
  end_->state = End::State::listening;
  end_->knows_peer = true;
  end_->room.wake_all();
  return {};
}

Result<fs::FileReference> Socket::accept() {
  if (!end_->has_connections()) {
    return fail(std::errc::operation_not_supported);
  }
  if (end_->state != End::State::listening) {
    return fail(std::errc::invalid_argument);
  }
  const Patience patience = this->patience(false, receive_timeout_);
  TRY(wait(end_->changes, patience, [&] { return !end_->pending.empty() || end_->receive_shut; }));
  if (end_->pending.empty()) {
    return fail(std::errc::invalid_argument);
  }
  auto file = TRY(mm::make_owned<Socket>(EndReference(end_->pending.front())));
  const EndReference from_queue = EndReference::adopt(end_->pending.pop_front());
  --end_->pending_count;
  end_->room.wake_all();
  return fs::FileReference::adopt(file.release());
}

Result<> Socket::shutdown(net::Direction direction) {
  const bool receive = direction != net::Direction::send;
  const bool send = direction != net::Direction::receive;
  end_->receive_shut = end_->receive_shut || receive;
  end_->send_shut = end_->send_shut || send;
  if (end_->peer && end_->has_connections()) {
    End& peer = *end_->peer;
    peer.receive_shut = peer.receive_shut || send;
    peer.send_shut = peer.send_shut || receive;
    peer.changes.wake_all();
  }
  end_->changes.wake_all();
  end_->room.wake_all();
  return {};
}

Result<> Socket::local_address(net::SocketAddress& address) {
  end_->name ? end_->name->write(address) : write_unnamed(address);
  return {};
}

Result<> Socket::peer_address(net::SocketAddress& address) {
  if (!end_->peer) {
    return fail(std::errc::not_connected);
  }
  end_->peer->name ? end_->peer->name->write(address) : write_unnamed(address);
  return {};
}

fs::Readiness Socket::poll() {
  fs::Readiness ready = 0;
  if (end_->error != std::errc()) {
    ready |= POLLERR;
  }
  if (end_->receive_shut) {
    ready |= POLLRDHUP | POLLIN | POLLRDNORM;
  }
  if ((end_->receive_shut && end_->send_shut) ||
      (end_->has_connections() && end_->state == End::State::fresh)) {
    ready |= POLLHUP;
  }
  if (!end_->messages.empty() || !end_->pending.empty()) {
    ready |= POLLIN | POLLRDNORM;
  }
  const End* peer = end_->peer.get();
  const bool peer_is_full =
      !end_->is_stream() && peer != nullptr && peer->peer.get() != end_.get() && peer->is_full();
  if (end_->is_writable() && !peer_is_full) {
    ready |= POLLOUT | POLLWRNORM | POLLWRBAND;
  }
  return ready;
}

fs::Status Socket::status() {
  return {.mode = S_IFSOCK | S_IRWXU | S_IRWXG | S_IRWXO, .links = 1};
}

void Socket::destroy() {
  end_->close();
  const mm::Owned<Socket> end(this);
}

} // namespace skerry::posix::local
