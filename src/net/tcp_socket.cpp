// SPDX-License-Identifier: Apache-2.0
// Life of a TCP socket: bind, connect, listen, accept, shutdown, close.
#include "src/net/tcp_socket.hpp"

#include "src/net/address_search.hpp"

#include <core/log.hpp>
#include <mm/heap.hpp>

#include <netinet/in.h>
#include <sys/socket.h>
#include <utility>

namespace skerry::net {
namespace {

/// How long a connection that nobody owns any more may stand still, in half seconds.
constexpr u8_t orphan_patience = 120;

err_t look_at_orphan(void* acknowledged, tcp_pcb* pcb) {
  if (reinterpret_cast<std::uintptr_t>(acknowledged) == pcb->lastack) {
    tcp_abort(pcb);
    return ERR_ABRT;
  }
  tcp_arg(pcb, reinterpret_cast<void*>(std::uintptr_t{pcb->lastack}));
  return ERR_OK;
}

/// A peer that answers every probe with a window of zero would keep what is unsent for ever.
void watch_orphan(tcp_pcb& pcb) {
  tcp_arg(&pcb, reinterpret_cast<void*>(std::uintptr_t{pcb.lastack}));
  tcp_poll(&pcb, look_at_orphan, orphan_patience);
}

} // namespace

TcpSocket::TcpSocket(Family family, tcp_pcb& pcb) : BaseSocket(family), pcb_(&pcb) {
  attach();
}

int TcpSocket::type() const {
  return SOCK_STREAM;
}

int TcpSocket::protocol() const {
  return IPPROTO_TCP;
}

Result<> TcpSocket::bind(const Endpoint& local) {
  const StackUse use;
  if (state_ != State::fresh || bound_ || pcb_ == nullptr) {
    return fail(std::errc::invalid_argument);
  }
  ip_addr_t address = TRY(address_for_lwip(local.address, family()));
  if (local.address.is_any()) {
    address = any_address();
  }
  IP_SET_TYPE_VAL(pcb_->local_ip, lwip_type());
  if (!ip_addr_isany(&address) && !is_own_address(address)) {
    return fail(std::errc::address_not_available);
  }
  if (const err_t error = tcp_bind(pcb_, &address, local.port); error != ERR_OK) {
    return fail(error_of(error));
  }
  bound_ = true;
  return {};
}

Result<> TcpSocket::finish_connect() {
  if (has_error()) {
    return fail(take_error());
  }
  if (state_ != State::connected) {
    return fail(std::errc::connection_aborted);
  }
  return {};
}

Result<> TcpSocket::connect(const Endpoint& peer) {
  if (!non_blocking()) {
    TRY(await_address_for(peer.address, send_timeout()));
  }
  {
    const StackUse use;
    switch (state_) {
    case State::connected:
      return fail(std::errc::already_connected);
    case State::connecting:
      return fail(std::errc::connection_already_in_progress);
    case State::listening:
      return fail(std::errc::already_connected);
    case State::ended:
      return fail(has_error() ? take_error() : std::errc::connection_aborted);
    case State::fresh:
      break;
    }
    const ip_addr_t address = TRY(address_for_lwip(peer.address, family()));
    if (peer.port == 0) {
      return fail(std::errc::connection_refused);
    }
    if (const err_t error = tcp_connect(pcb_, &address, peer.port, on_connected); error != ERR_OK) {
      return fail(error_of(error));
    }
    bound_ = true;
    if (state_ == State::fresh) {
      state_ = State::connecting;
    }
  }
  const auto connected =
      wait([this] { return state_ != State::connecting; }, false, send_timeout());
  if (!connected) {
    return fail(connected.error() == std::errc::resource_unavailable_try_again
                    ? std::errc::operation_in_progress
                    : connected.error());
  }
  return finish_connect();
}

Result<> TcpSocket::disconnect() {
  return fail(std::errc::address_family_not_supported);
}

Result<> TcpSocket::listen(int backlog) {
  const StackUse use;
  const auto wanted = static_cast<u8_t>(std::clamp(backlog, 1, max_backlog));
  if (state_ == State::listening) {
    tcp_backlog_set(reinterpret_cast<tcp_pcb_listen*>(pcb_), wanted);
    return {};
  }
  if (state_ != State::fresh || pcb_ == nullptr) {
    return fail(std::errc::invalid_argument);
  }
  if (!bound_) {
    const ip_addr_t any = any_address();
    if (const err_t error = tcp_bind(pcb_, &any, 0); error != ERR_OK) {
      return fail(error_of(error));
    }
    bound_ = true;
  }
  err_t error = ERR_OK;
  tcp_pcb* listener = tcp_listen_with_backlog_and_err(pcb_, wanted, &error);
  if (listener == nullptr) {
    return fail(error_of(error));
  }
  pcb_ = listener; // the other one is freed
  state_ = State::listening;
  tcp_arg(pcb_, this);
  tcp_accept(pcb_, on_accepted);
  return {};
}

Result<fs::FileReference> TcpSocket::accept() {
  if (state_ != State::listening) {
    return fail(std::errc::invalid_argument);
  }
  for (;;) {
    {
      const StackUse use;
      if (TcpSocket* first = first_ripe()) {
        first->unlink();
        first->is_pending_ = false;
        if (first->pcb_ != nullptr) {
          tcp_backlog_accepted(first->pcb_);
          first->set_patience(first->patience_);
        }
        return fs::FileReference::adopt(first);
      }
    }
    TRY(wait([this] { return first_ripe() != nullptr || state_ != State::listening; }, false,
             receive_timeout()));
    if (state_ != State::listening) {
      return fail(std::errc::invalid_argument);
    }
  }
}

Result<> TcpSocket::shutdown(Direction direction) {
  const StackUse use;
  if (state_ == State::listening) {
    if (direction != Direction::send) {
      close_pcb(); // as on Linux: whoever waits in accept() learns of it
      state_ = State::ended;
      changed();
    }
    return {};
  }
  if (state_ != State::connected) {
    return fail(std::errc::not_connected);
  }
  if (direction != Direction::send) {
    receive_shut_ = true;
  }
  if (direction != Direction::receive && !send_shut_) {
    send_shut_ = true;
    if (pcb_ != nullptr) {
      if (const err_t error = tcp_shutdown(pcb_, 0, 1); error != ERR_OK) {
        return fail(error_of(error));
      }
    }
  }
  changed();
  return {};
}

Result<Endpoint> TcpSocket::local_endpoint() {
  const StackUse use;
  if (pcb_ == nullptr) {
    return local_;
  }
  return shown(pcb_->local_ip, pcb_->local_port);
}

Result<Endpoint> TcpSocket::peer_endpoint() {
  const StackUse use;
  if (state_ != State::connected || peer_.port == 0) {
    return fail(std::errc::not_connected);
  }
  return peer_;
}

void TcpSocket::drop_pending() {
  while (TcpSocket* first = pending_.pop_front()) {
    first->is_pending_ = false;
    if (tcp_pcb* pcb = first->detach()) {
      tcp_abort(pcb);
    }
    first->release();
  }
}

void TcpSocket::close_pcb() {
  drop_pending();
  const bool reset = linger_ == Duration() || !received_.empty();
  received_.clear();
  const bool listening = state_ == State::listening;
  tcp_pcb* pcb = detach();
  if (pcb == nullptr) {
    return;
  }
  if (reset && !listening) {
    tcp_abort(pcb); // RFC 2525, 2.17: data that nobody will read is answered with a reset
    return;
  }
  if (!listening) {
    watch_orphan(*pcb); // before it is closed, which may free it
  }
  if (tcp_close(pcb) != ERR_OK) {
    log::warning("net", "a connection was reset, for there was no memory to close it");
    tcp_abort(pcb);
  }
}

void TcpSocket::close_socket_of(tcp_pcb& pcb) {
  const bool listens = pcb.state == LISTEN;
  if (pcb.callback_arg != nullptr && (listens || pcb.errf == on_error)) {
    static_cast<TcpSocket*>(pcb.callback_arg)->close_pcb();
  }
}

void TcpSocket::linger() {
  if (!linger_ || *linger_ == Duration() || state_ != State::connected || non_blocking()) {
    return;
  }
  {
    const StackUse use;
    if (pcb_ != nullptr && !send_shut_) {
      send_shut_ = true;
      (void)tcp_shutdown(pcb_, 0, 1);
    }
  }
  // Until all is acknowledged, or the time is up; what is left then goes on alone.
  (void)wait(
      [this] { return pcb_ == nullptr || (pcb_->unacked == nullptr && pcb_->unsent == nullptr); },
      false, *linger_);
}

void TcpSocket::destroy() {
  linger();
  const StackUse use;
  close_pcb();
  const mm::Owned<TcpSocket> end(this);
}

} // namespace skerry::net
