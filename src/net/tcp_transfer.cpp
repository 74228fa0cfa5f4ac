// SPDX-License-Identifier: Apache-2.0
// Bytes through a TCP socket, and whether there is something to do.
#include "src/net/lwip/port.hpp"
#include "src/net/tcp_socket.hpp"

#include <array>
#include <poll.h>

namespace skerry::net {
namespace {

/// What is copied from the application at once. In a turn of the stack, so one buffer serves all.
constexpr std::size_t bounce_bytes = 16384;
alignas(64) constinit std::array<std::byte, bounce_bytes> bounce{};

/// A socket counts as writable again when so much room is there: fewer, larger wakes.
constexpr std::size_t writable_bytes = TCP_SNDLOWAT;

} // namespace

std::size_t TcpSocket::send_share() const {
  return std::min(connection_share(), send_limit_);
}

std::size_t TcpSocket::send_room() const {
  const std::size_t share = send_share();
  const std::size_t held = TCP_SND_BUF - pcb_->snd_buf; // tcp_sndbuf() tells 65535 at most
  return share > held ? std::min<std::size_t>(share - held, pcb_->snd_buf) : 0;
}

bool TcpSocket::can_send() const {
  // Where this is false something is on its way, and its acknowledgment looks again.
  return pcb_ != nullptr && !starved_ &&
         send_room() >= std::min(writable_bytes, send_share() / 2) &&
         tcp_sndqueuelen(pcb_) < TCP_SNDQUEUELOWAT;
}

std::size_t TcpSocket::receive_least() const {
  if (connection_share() < TCP_WND) {
    return 1; // memory is short: what lwIP cannot hand over comes only after a read
  }
  const std::size_t window = pcb_ != nullptr ? TCP_WND_MAX(pcb_) : TCP_WND;
  return std::min({settings_.receive_least, receive_limit_ / 2, window / 2});
}

bool TcpSocket::can_receive(std::size_t bytes) const {
  const std::size_t enough = std::min(bytes, receive_least());
  return (!received_.empty() && received_.size_bytes() >= enough) || peer_closed_ ||
         receive_shut_ || has_error() || state_ == State::ended;
}

Result<> TcpSocket::check_sendable() {
  if (has_error()) {
    return fail(take_error());
  }
  if (send_shut_ || (state_ == State::ended) || (state_ == State::connected && pcb_ == nullptr)) {
    return fail(std::errc::broken_pipe);
  }
  if (state_ == State::connecting) {
    return fail(std::errc::resource_unavailable_try_again);
  }
  if (state_ != State::connected) {
    return fail(std::errc::broken_pipe); // as Linux has it, where POSIX has ENOTCONN
  }
  return {};
}

void TcpSocket::hold_back(bool on) {
  if (on) {
    tcp_set_flags(pcb_, TF_CORK);
  } else {
    tcp_clear_flags(pcb_, TF_CORK);
  }
}

Result<std::size_t> TcpSocket::send_some(fs::UserBuffer& buffer, bool more) {
  const StackUse use;
  TRY(check_sendable());
  hold_back(corked_ || more);
  std::size_t sent = 0;
  while (buffer.remaining() != 0) {
    const std::size_t room = std::min(send_room(), bounce.size());
    if (room == 0 || tcp_sndqueuelen(pcb_) >= TCP_SND_QUEUELEN - 16) {
      break;
    }
    const auto before = buffer.mark();
    const auto taken = buffer.take(std::span(bounce).first(room));
    if (!taken) {
      if (sent == 0) {
        return taken;
      }
      break;
    }
    const u8_t flags = static_cast<u8_t>(
        TCP_WRITE_FLAG_COPY | (more || buffer.remaining() != 0 ? TCP_WRITE_FLAG_MORE : 0));
    if (tcp_write(pcb_, bounce.data(), static_cast<u16_t>(*taken), flags) != ERR_OK) {
      buffer.return_to(before);
      if (sent == 0 && tcp_sndqueuelen(pcb_) == 0) {
        return fail(std::errc::no_buffer_space); // nothing is on its way that would free some
      }
      starved_ = true;
      break;
    }
    sent += *taken;
  }
  (void)tcp_output(pcb_);
  return sent;
}

Result<std::size_t> TcpSocket::send(fs::UserBuffer& buffer, const Transfer& how,
                                    const std::optional<Endpoint>& to) {
  if (to && state_ == State::connected) {
    return fail(std::errc::already_connected);
  }
  std::size_t sent = 0;
  for (;;) {
    const auto part = send_some(buffer, how.more);
    const bool connecting = !part && part.error() == std::errc::resource_unavailable_try_again;
    if (!part && !connecting) {
      return sent != 0 ? Result<std::size_t>(sent) : part;
    }
    sent += part.value_or(0);
    if (!connecting && buffer.remaining() == 0) {
      return sent;
    }
    const auto ready =
        wait([this] { return can_send() || has_error() || state_ == State::ended || send_shut_; },
             how.do_not_wait, send_timeout());
    if (!ready) {
      return sent != 0 ? Result<std::size_t>(sent) : fail(ready.error());
    }
  }
}

Result<Received> TcpSocket::receive(fs::UserBuffer& buffer, const Transfer& how) {
  Received result;
  const std::size_t wanted =
      how.wait_all ? buffer.remaining() : std::min(receive_least(), buffer.remaining());
  for (;;) {
    {
      const StackUse use;
      if (!received_.empty()) {
        const auto copied = received_.peek(buffer);
        if (!copied) {
          return result.size_bytes != 0 ? Result<Received>(result) : fail(copied.error());
        }
        result.size_bytes += *copied;
        if (!how.peek) {
          received_.drop(*copied);
          if (pcb_ != nullptr) {
            open_window(*copied);
          }
        }
        if (how.peek || result.size_bytes >= wanted) {
          return result;
        }
      } else if (result.size_bytes == 0 && has_error()) {
        return fail(take_error());
      } else if (peer_closed_ || receive_shut_ || state_ == State::ended) {
        return result;
      } else if (state_ != State::connected && state_ != State::connecting) {
        return fail(std::errc::not_connected);
      } else if (buffer.remaining() == 0) {
        return result;
      }
    }
    const auto ready = wait([&] { return can_receive(wanted - result.size_bytes); },
                            how.do_not_wait, receive_timeout());
    if (!ready) {
      return result.size_bytes != 0 ? Result<Received>(result) : fail(ready.error());
    }
  }
}

fs::Readiness TcpSocket::poll() {
  fs::Readiness ready = 0;
  if (state_ == State::listening) {
    return first_ripe() == nullptr ? 0 : POLLIN | POLLRDNORM;
  }
  if (state_ == State::fresh) {
    return POLLOUT | POLLWRNORM | POLLHUP;
  }
  if (can_receive()) {
    ready |= POLLIN | POLLRDNORM;
  }
  if (peer_closed_ || receive_shut_) {
    ready |= POLLRDHUP;
  }
  if ((state_ == State::connected && can_send()) || send_shut_ || state_ == State::ended) {
    ready |= POLLOUT | POLLWRNORM;
  }
  if (has_error()) {
    ready |= POLLERR;
  }
  if (state_ == State::ended || (send_shut_ && (peer_closed_ || receive_shut_))) {
    ready |= POLLHUP;
  }
  return ready;
}

} // namespace skerry::net
