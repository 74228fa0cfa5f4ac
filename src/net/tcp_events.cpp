// SPDX-License-Identifier: Apache-2.0
// What lwIP tells a TCP socket, inside a turn of the stack.
#include "src/net/lwip/port.hpp"
#include "src/net/tcp_socket.hpp"

#include <mm/heap.hpp>

namespace skerry::net {

void TcpSocket::attach() {
  tcp_arg(pcb_, this);
  tcp_recv(pcb_, on_received);
  tcp_sent(pcb_, on_sent);
  tcp_err(pcb_, on_error);
}

tcp_pcb* TcpSocket::detach() {
  tcp_pcb* pcb = std::exchange(pcb_, nullptr);
  if (pcb == nullptr) {
    return nullptr;
  }
  tcp_arg(pcb, nullptr);
  if (state_ == State::listening) {
    tcp_accept(pcb, nullptr);
    return pcb;
  }
  tcp_recv(pcb, nullptr);
  tcp_sent(pcb, nullptr);
  tcp_err(pcb, nullptr);
  tcp_poll(pcb, nullptr, 0);
  return pcb;
}

void TcpSocket::remember_endpoints() {
  if (pcb_ != nullptr) {
    local_ = shown(pcb_->local_ip, pcb_->local_port);
    peer_ = state_ == State::listening ? Endpoint{} : shown(pcb_->remote_ip, pcb_->remote_port);
  }
}

void TcpSocket::end_of_stream() {
  peer_closed_ = true;
  tell_listener();
  // lwIP frees a PCB that has closed on both sides without a word: it is let go of before.
  if (pcb_->state == TIME_WAIT || pcb_->state == CLOSING) {
    remember_endpoints();
    (void)detach();
  }
  changed();
}

err_t TcpSocket::on_received(void* socket, tcp_pcb* pcb, pbuf* data, err_t) {
  auto* self = static_cast<TcpSocket*>(socket);
  if (self == nullptr) {
    if (data != nullptr) {
      tcp_recved(pcb, data->tot_len);
      pbuf_free(data);
    }
    return ERR_OK;
  }
  if (data == nullptr) {
    self->end_of_stream();
    return ERR_OK;
  }
  if (self->receive_shut_) {
    tcp_recved(pcb, data->tot_len);
    pbuf_free(data);
    return ERR_OK;
  }
  if (!self->received_.empty() &&
      self->received_.size_bytes() + data->tot_len > connection_share()) {
    self->changed(); // SO_RCVLOWAT does not count now
    return ERR_MEM;  // lwIP keeps this segment, offers it again, and takes no other until then
  }
  self->received_.push(data);
  self->changed();
  self->tell_listener();
  return ERR_OK;
}

err_t TcpSocket::on_sent(void* socket, tcp_pcb*, u16_t) {
  auto* self = static_cast<TcpSocket*>(socket);
  if (self == nullptr) {
    return ERR_OK;
  }
  self->starved_ = false;
  if (self->can_send()) {
    self->changed();
  }
  return ERR_OK;
}

err_t TcpSocket::on_connected(void* socket, tcp_pcb*, err_t) {
  if (auto* self = static_cast<TcpSocket*>(socket); self != nullptr) {
    self->state_ = State::connected;
    self->remember_endpoints();
    self->changed();
  }
  return ERR_OK;
}

void TcpSocket::on_error(void* socket, err_t error) {
  auto* self = static_cast<TcpSocket*>(socket);
  if (self == nullptr) {
    return;
  }
  // lwIP has freed the PCB.
  self->pcb_ = nullptr;
  if (self->is_pending_) {
    self->leave_queue();
    return;
  }
  self->peer_closed_ = true;
  if (error != ERR_CLSD) {
    const bool refused = self->state_ == State::connecting && error == ERR_RST;
    self->set_error(refused ? std::errc::connection_refused : error_of(error));
  }
  self->state_ = State::ended;
  self->changed();
}

void TcpSocket::leave_queue() {
  // The PCB no longer counts against the backlog, so a peer that connects, sends and resets would
  // fill the queue without end. POSIX lets accept() not see such a connection.
  unlink();
  is_pending_ = false;
  release();
}

err_t TcpSocket::on_accepted(void* socket, tcp_pcb* pcb, err_t error) {
  auto* self = static_cast<TcpSocket*>(socket);
  if (self == nullptr || error != ERR_OK || pcb == nullptr) {
    return ERR_VAL;
  }
  auto accepted = mm::make_owned<TcpSocket>(self->family(), *pcb);
  if (!accepted) {
    return ERR_MEM;
  }
  TcpSocket& fresh = *accepted->release();
  fresh.state_ = State::connected;
  fresh.bound_ = true;
  fresh.is_pending_ = true;
  fresh.send_limit_ = self->send_limit_;
  fresh.receive_limit_ = self->receive_limit_;
  fresh.set_patience(self->patience_);
  fresh.settings_ = self->settings_;
  fresh.linger_ = self->linger_;
  fresh.apply_settings();
  fresh.remember_endpoints();
  tcp_backlog_delayed(pcb);
  self->pending_.push_back(fresh);
  // Those who connect and are silent must not fill the queue, in which they have a place each.
  const bool is_crowded = pcb->listener->accepts_pending > pcb->listener->backlog / 2;
  if (self->settings_.defer_seconds != 0 && !is_crowded) {
    fresh.defer(Duration::seconds(self->settings_.defer_seconds));
    return ERR_OK;
  }
  if (is_crowded) {
    self->ripen_oldest();
  }
  self->changed();
  return ERR_OK;
}

void TcpSocket::ripen_oldest() {
  for (TcpSocket& waiting : pending_) {
    if (!waiting.is_ripe()) {
      waiting.deferred_until_ = Instant();
      return;
    }
  }
}

void TcpSocket::defer(Duration patience) {
  deferred_until_ = hal::monotonic_now() + patience;
  tcp_poll(pcb_, look_at_deferred, 1); // in half seconds
}

err_t TcpSocket::look_at_deferred(void* socket, tcp_pcb* pcb) {
  auto* self = static_cast<TcpSocket*>(socket);
  if (self != nullptr && self->is_ripe()) {
    tcp_poll(pcb, nullptr, 0); // told once; accept() sets what comes then
    self->tell_listener();
  }
  return ERR_OK;
}

void TcpSocket::tell_listener() {
  if (is_pending_ && pcb_ != nullptr && pcb_->listener != nullptr) {
    static_cast<TcpSocket*>(pcb_->listener->callback_arg)->changed();
  }
}

bool TcpSocket::is_ripe() const {
  return !received_.empty() || peer_closed_ || hal::monotonic_now() >= deferred_until_;
}

TcpSocket* TcpSocket::first_ripe() {
  for (TcpSocket& waiting : pending_) {
    if (waiting.is_ripe()) {
      return &waiting;
    }
  }
  return nullptr;
}

} // namespace skerry::net
