// SPDX-License-Identifier: Apache-2.0
// Receiving from local sockets.
#include "src/posix/local/socket.hpp"

#include <algorithm>
#include <cstring>

namespace skerry::posix::local {
namespace {

/// Who it is when nobody has said: Linux' overflowuid.
constexpr ucred unknown_credentials{.pid = 0, .uid = 65534, .gid = 65534};

bool is_same(const std::optional<ucred>& one, const std::optional<ucred>& other) {
  return one.has_value() == other.has_value() &&
         (!one || std::memcmp(&*one, &*other, sizeof *one) == 0);
}

void tell_sender(const Message& message, net::SocketAddress* from) {
  if (from != nullptr && message.sender->name) {
    message.sender->name->write(*from);
  }
}

} // namespace

Result<std::size_t> Socket::read(fs::UserBuffer& buffer) {
  if (buffer.remaining() == 0) {
    return 0;
  }
  return TRY(receive(buffer, {}, {})).size_bytes;
}

Result<net::Received> Socket::receive(fs::UserBuffer& buffer, const net::Transfer& how,
                                      const net::Incoming& beside) {
  return end_->is_stream() ? receive_stream(buffer, how, beside)
                           : receive_datagram(buffer, how, beside);
}

void Socket::tell(const std::optional<ucred>& credentials, std::span<const fs::FileReference> files,
                  net::ControlSink* sink) const {
  if (sink == nullptr) {
    return;
  }
  if (end_->passes_credentials) {
    const ucred told = credentials.value_or(unknown_credentials);
    sink->put(SOL_SOCKET, SCM_CREDENTIALS, std::as_bytes(std::span(&told, 1)));
  }
  if (!files.empty()) {
    sink->put_files(files);
  }
}

Result<net::Received> Socket::receive_datagram(fs::UserBuffer& buffer, const net::Transfer& how,
                                               const net::Incoming& beside) {
  if (end_->has_connections() && end_->state != End::State::connected) {
    return fail(std::errc::not_connected);
  }
  const Patience patience = this->patience(how.do_not_wait, receive_timeout_);
  const auto ready = wait(end_->changes, patience, [&] {
    return !end_->messages.empty() || end_->error != std::errc() ||
           (end_->receive_shut && (patience.waits || end_->has_connections()));
  });
  if (end_->error != std::errc()) {
    return fail(end_->take_error());
  }
  TRY(ready);
  Message* first = end_->messages.front();
  net::Received result;
  if (first == nullptr) {
    return result; // nothing more comes
  }
  tell_sender(*first, beside.from);
  const std::size_t whole = first->bytes.size();
  const auto copied = first->bytes.put(buffer);
  if (copied) {
    result.truncated = *copied < whole;
    result.size_bytes = how.truncate ? whole : *copied;
    tell(first->credentials, first->files.all(), beside.control);
  }
  if (!how.peek) {
    discard(end_->pop());
  }
  TRY(copied);
  return result;
}

Result<bool> Socket::wait_for_bytes(const Patience& patience) {
  const auto ready = wait(end_->changes, patience, [&] {
    return !end_->messages.empty() || end_->error != std::errc() || end_->receive_shut;
  });
  if (!end_->messages.empty()) {
    return true;
  }
  if (end_->error != std::errc()) {
    return fail(end_->take_error());
  }
  TRY(ready);
  return false;
}

Result<net::Received> Socket::receive_stream(fs::UserBuffer& buffer, const net::Transfer& how,
                                             const net::Incoming& beside) {
  if (end_->state != End::State::connected) {
    return fail(std::errc::invalid_argument);
  }
  const Patience patience = this->patience(how.do_not_wait, receive_timeout_);
  if (how.peek) {
    return peek_stream(buffer, patience, beside);
  }
  const std::size_t enough = how.wait_all ? std::max<std::size_t>(buffer.remaining(), 1) : 1;
  net::Received result;
  PassedFiles files;
  std::optional<std::optional<ucred>> credentials; // empty before the first message
  while (result.size_bytes < enough || !end_->messages.empty()) {
    const auto more = wait_for_bytes(patience);
    if (!more && !credentials) {
      return fail(more.error());
    }
    if (!more || !*more) {
      break;
    }
    Message& first = *end_->messages.front();
    if (!credentials) {
      tell_sender(first, beside.from);
      credentials = first.credentials;
    } else if (end_->passes_credentials && !is_same(*credentials, first.credentials)) {
      break; // bytes of several senders do not come as those of one
    }
    const auto part = first.bytes.put(buffer);
    if (!part && result.size_bytes == 0) {
      return fail(part.error());
    }
    first.bytes.drop(part.value_or(0));
    result.size_bytes += part.value_or(0);
    files = std::move(first.files);
    if (first.bytes.size() != 0) {
      break;
    }
    discard(end_->pop());
    if (!files.empty() || buffer.remaining() == 0) {
      break; // the files belong to the last of the bytes
    }
  }
  tell(credentials.value_or(std::nullopt), files.all(), beside.control);
  return result;
}

Result<net::Received> Socket::peek_stream(fs::UserBuffer& buffer, const Patience& patience,
                                          const net::Incoming& beside) {
  net::Received result;
  if (!TRY(wait_for_bytes(patience))) {
    return result;
  }
  const Message& first = *end_->messages.front();
  std::span<const fs::FileReference> files;
  tell_sender(first, beside.from);
  for (Message& message : end_->messages) {
    if (end_->passes_credentials && !is_same(first.credentials, message.credentials)) {
      break;
    }
    const auto part = message.bytes.put(buffer);
    if (!part && result.size_bytes == 0) {
      return fail(part.error());
    }
    result.size_bytes += part.value_or(0);
    files = message.files.all();
    if (!files.empty() || buffer.remaining() == 0) {
      break;
    }
  }
  tell(first.credentials, files, beside.control);
  return result;
}

} // namespace skerry::posix::local
