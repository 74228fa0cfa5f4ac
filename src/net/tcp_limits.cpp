// SPDX-License-Identifier: Apache-2.0
// What a TCP socket limits by itself: bytes that are queued, bytes that the peer may send ahead,
// and how long nothing may be acknowledged.
#include "src/net/tcp_socket.hpp"

#include <algorithm>
#include <sys/socket.h>

namespace skerry::net {
namespace {

constexpr std::size_t least_send_limit = 4'608; // as Linux' SOCK_MIN_SNDBUF
/// lwIP tells of less than four segments of new room only by the way, so the window has several.
constexpr std::size_t least_receive_limit = std::size_t{16} * 1024;

/// Linux doubles what is asked for, up to a limit, and programs have learned to expect it. A
/// negative size is a large one.
Result<std::size_t> read_limit(std::span<const std::byte> value, std::size_t least,
                               std::size_t most) {
  const auto wanted = static_cast<unsigned>(TRY(option_value<int>(value)));
  return std::clamp(std::size_t{2} * wanted, least, most);
}

/// What of the largest window of that connection stays withheld.
std::size_t withheld_by(std::size_t limit, const tcp_pcb& pcb) {
  const std::size_t window = TCP_WND_MAX(&pcb); // less where the peer does not scale windows
  return window - std::min(window, limit);
}

} // namespace

Result<> TcpSocket::set_own_option(int name, std::span<const std::byte> value) {
  if (name == SO_SNDBUF) {
    send_limit_ = TRY(read_limit(value, least_send_limit, TCP_SND_BUF));
    changed(); // there may be room now
    return {};
  }
  if (name == SO_RCVLOWAT) {
    return set_receive_least(value);
  }
  if (name == SO_RCVBUF) {
    set_receive_limit(TRY(read_limit(value, least_receive_limit, TCP_WND)));
    return {};
  }
  const auto wanted = TRY(option_value<struct linger>(value));
  linger_ = wanted.l_onoff != 0 ? std::optional(Duration::seconds(wanted.l_linger)) : std::nullopt;
  return {};
}

std::optional<std::size_t> TcpSocket::get_own_option(int name, std::span<std::byte> value) {
  switch (name) {
  case SO_ACCEPTCONN:
    return put_option(value, int{state_ == State::listening});
  case SO_RCVBUF:
    return put_option(value, static_cast<int>(receive_limit_));
  case SO_RCVLOWAT:
    return put_option(value, static_cast<int>(settings_.receive_least));
  case SO_SNDBUF:
    return put_option(value, static_cast<int>(send_limit_));
  case SO_LINGER: {
    struct linger result{};
    result.l_onoff = linger_ ? 1 : 0;
    result.l_linger = static_cast<int>(linger_.value_or(Duration()).in_seconds());
    return put_option(value, result);
  }
  default:
    return std::nullopt;
  }
}

Result<> TcpSocket::set_receive_least(std::span<const std::byte> value) {
  const int wanted = TRY(option_value<int>(value));
  const std::size_t bytes = wanted < 0 ? SIZE_MAX : static_cast<std::size_t>(wanted);
  settings_.receive_least = std::clamp<std::size_t>(bytes, 1, receive_limit_ / 2); // as on Linux
  changed();
  return {};
}

void TcpSocket::set_receive_limit(std::size_t limit) {
  receive_limit_ = limit;
  if (pcb_ != nullptr && state_ == State::connected) {
    const std::size_t most = withheld_by(limit, *pcb_);
    const std::size_t too_much = withheld_ - std::min(withheld_, most);
    withheld_ -= too_much;
    open_window(too_much);
  }
}

void TcpSocket::open_window(std::size_t size) {
  const std::size_t most = withheld_by(receive_limit_, *pcb_);
  const std::size_t kept = std::min(size, most - std::min(withheld_, most));
  withheld_ += kept;
  for (std::size_t left = size - kept; left != 0;) {
    const auto step = static_cast<u16_t>(std::min<std::size_t>(left, 0xffff));
    tcp_recved(pcb_, step);
    left -= step;
  }
}

err_t TcpSocket::look_at_progress(void* socket, tcp_pcb* pcb) {
  auto* self = static_cast<TcpSocket*>(socket);
  const Instant now = hal::monotonic_now();
  const bool waits = pcb->unacked != nullptr || pcb->unsent != nullptr;
  if (self == nullptr || !waits || pcb->lastack != self->acknowledged_) {
    if (self != nullptr) {
      self->acknowledged_ = pcb->lastack;
      self->progress_ = now;
    }
    return ERR_OK;
  }
  if (now - self->progress_ < self->patience_) {
    return ERR_OK;
  }
  tcp_abort(pcb); // which tells on_error() of a timeout
  return ERR_ABRT;
}

void TcpSocket::set_patience(Duration patience) {
  patience_ = patience;
  progress_ = hal::monotonic_now();
  if (pcb_ == nullptr || state_ == State::listening) {
    return;
  }
  acknowledged_ = pcb_->lastack;
  tcp_poll(pcb_, patience == Duration() ? nullptr : look_at_progress, 1); // in half seconds
}

} // namespace skerry::net
