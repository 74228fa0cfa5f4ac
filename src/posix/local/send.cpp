// SPDX-License-Identifier: Apache-2.0
// Sending through local sockets: bytes and messages go straight into the queue of the receiver, and
// the sender is charged for them until they are read.
#include "src/posix/local/bound_ends.hpp"
#include "src/posix/local/socket.hpp"

#include <algorithm>

namespace skerry::posix::local {
namespace {

/// What Linux keeps of SO_SNDBUF for itself.
constexpr std::size_t reserved_bytes = 32;

} // namespace

Result<std::size_t> Socket::write(fs::UserBuffer& buffer) {
  return send(buffer, {}, {});
}

Result<std::size_t> Socket::send(fs::UserBuffer& buffer, const net::Transfer& how,
                                 const net::Outgoing& beside) {
  return end_->is_stream() ? send_stream(buffer, how, beside) : send_datagram(buffer, how, beside);
}

Result<> Socket::wait_to_send(const Patience& patience) {
  const auto ready = wait(end_->changes, patience, [&] {
    return end_->charged_bytes < end_->send_limit || end_->send_shut || end_->error != std::errc();
  });
  if (end_->error != std::errc()) {
    return fail(end_->take_error());
  }
  return end_->send_shut ? fail(std::errc::broken_pipe) : ready;
}

Result<mm::Owned<Message>> Socket::make_message(fs::UserBuffer& buffer, std::size_t size,
                                                Attachment& attachment) {
  auto message = mm::make_owned<Message>(end_);
  if (!message) {
    return fail(std::errc::no_buffer_space);
  }
  TRY((*message)->bytes.take(buffer, size));
  (*message)->files = std::move(attachment.files);
  (*message)->credentials = attachment.credentials;
  (*message)->charge_sender();
  return message;
}

void Socket::add_credentials(Message& message, const End& receiver) const {
  const bool wanted =
      end_->passes_credentials || receiver.passes_credentials || receiver.is_pending();
  if (wanted && !message.credentials) {
    message.credentials = own_credentials();
  }
}

Result<std::size_t> Socket::send_stream(fs::UserBuffer& buffer, const net::Transfer& how,
                                        const net::Outgoing& beside) {
  Attachment attachment = TRY(Attachment::read(beside.control));
  if (beside.to != nullptr && beside.to->size != 0) {
    return fail(end_->state == End::State::connected ? std::errc::already_connected
                                                     : std::errc::operation_not_supported);
  }
  const EndReference peer = end_->peer;
  if (!peer) {
    return fail(std::errc::not_connected);
  }
  if (end_->send_shut) {
    return fail(std::errc::broken_pipe);
  }
  const Patience patience = this->patience(how.do_not_wait, send_timeout_);
  std::size_t sent = 0;
  while (buffer.remaining() != 0) {
    const auto ready = wait_to_send(patience);
    if (!ready) {
      return sent != 0 ? Result<std::size_t>(sent) : fail(ready.error());
    }
    const std::size_t size =
        std::min({buffer.remaining(), Bytes::one_block, end_->send_limit / 2 - 2 * reserved_bytes});
    auto message = make_message(buffer, size, attachment);
    if (!message) {
      return sent != 0 ? Result<std::size_t>(sent) : fail(message.error());
    }
    add_credentials(**message, *peer);
    peer->push(*message->release());
    sent += size;
  }
  return sent;
}

Result<std::size_t> Socket::send_datagram(fs::UserBuffer& buffer, const net::Transfer& how,
                                          const net::Outgoing& beside) {
  const net::SocketAddress* to = end_->has_connections() ? nullptr : beside.to;
  if (to != nullptr && to->size == 0) {
    to = nullptr;
  }
  if (end_->has_connections()) {
    if (end_->error != std::errc()) {
      return fail(end_->take_error());
    }
    if (end_->state != End::State::connected) {
      return fail(std::errc::not_connected);
    }
  }
  Attachment attachment = TRY(Attachment::read(beside.control));
  if (to != nullptr) {
    TRY(NameText::of(*to));
  } else if (!end_->peer) {
    return fail(std::errc::not_connected);
  }
  const EndReference peer = end_->peer;
  if (end_->passes_credentials) {
    TRY(bind_somewhere(*end_));
  }
  const std::size_t size = buffer.remaining();
  if (size > end_->send_limit - reserved_bytes) {
    return fail(std::errc::message_size);
  }
  const Patience patience = this->patience(how.do_not_wait, send_timeout_);
  TRY(wait_to_send(patience));
  auto message = TRY(make_message(buffer, size, attachment));
  TRY(deliver(*message, to, peer, patience));
  (void)message.release();
  return size;
}

Result<> Socket::deliver(Message& message, const net::SocketAddress* to, EndReference receiver,
                         const Patience& patience) {
  for (;;) {
    if (to != nullptr) {
      receiver = TRY(find(TRY(NameText::of(*to)), end_->type));
    }
    if (receiver->peer && receiver->peer.get() != end_.get()) {
      return fail(std::errc::operation_not_permitted); // it listens to another alone
    }
    if (receiver->is_closed) {
      if (end_->has_connections()) {
        return fail(std::errc::broken_pipe);
      }
      if (end_->peer.get() == receiver.get()) {
        end_->follow({});
      }
      return fail(std::errc::connection_refused);
    }
    if (receiver->receive_shut) {
      return fail(std::errc::broken_pipe);
    }
    const bool is_mine = receiver.get() == end_.get() || receiver->peer.get() == end_.get();
    if (is_mine || !receiver->is_full()) {
      add_credentials(message, *receiver);
      receiver->push(message);
      return {};
    }
    TRY(wait(receiver->room, patience, [&] {
      return !receiver->is_full() || receiver->is_closed || receiver->receive_shut;
    }));
  }
}

} // namespace skerry::posix::local
