// SPDX-License-Identifier: Apache-2.0
// Options of local sockets, and what ioctl asks of them.
#include "src/posix/local/socket.hpp"

#include <mm/user_copy.hpp>
#include <net/interface_requests.hpp>
#include <net/socket_option.hpp>

#include <algorithm>
#include <sys/ioctl.h>

namespace skerry::posix::local {
namespace {

using net::option_value;
using net::put_option;

// As SOCK_MIN_SNDBUF and SOCK_MIN_RCVBUF of Linux.
constexpr std::size_t least_send_limit = 4'608;
constexpr std::size_t least_receive_limit = 2'304;

/// Linux doubles what is asked for, up to the default (net.core.wmem_max), and programs have
/// learned to expect it. A negative size is a large one.
Result<std::size_t> read_limit(std::span<const std::byte> value, std::size_t least) {
  const auto wanted = static_cast<unsigned>(TRY(option_value<int>(value)));
  return std::max(std::min<std::size_t>(wanted, End::default_limit) * 2, least);
}

Result<> set_flag(bool& flag, std::span<const std::byte> value) {
  flag = TRY(option_value<int>(value)) != 0;
  return {};
}

ucred credentials_of_peer(const End& end) {
  constexpr auto nobody = static_cast<uid_t>(-1);
  return end.knows_peer ? own_credentials() : ucred{.pid = 0, .uid = nobody, .gid = nobody};
}

} // namespace

Result<> Socket::set_option(int level, int name, std::span<const std::byte> value) {
  if (level != SOL_SOCKET) {
    return fail(std::errc::operation_not_supported);
  }
  switch (name) {
  case SO_PASSCRED:
    return set_flag(end_->passes_credentials, value);
  // Two that hold by themselves: a name is free when its node was removed, and a peer that has gone
  // is known to have gone.
  case SO_REUSEADDR:
    return set_flag(reuses_address_, value);
  case SO_KEEPALIVE:
    return set_flag(keeps_alive_, value);
  case SO_SNDBUF:
    end_->send_limit = TRY(read_limit(value, least_send_limit));
    end_->changes.wake_all(); // there may be room now
    return {};
  case SO_RCVBUF:
    end_->receive_limit = TRY(read_limit(value, least_receive_limit));
    return {};
  case SO_RCVTIMEO:
    receive_timeout_ = TRY(net::timeout_value(value));
    return {};
  case SO_SNDTIMEO:
    send_timeout_ = TRY(net::timeout_value(value));
    return {};
  default:
    return fail(std::errc::no_protocol_option);
  }
}

Result<std::size_t> Socket::get_option(int level, int name, std::span<std::byte> value) {
  if (level != SOL_SOCKET) {
    return fail(std::errc::operation_not_supported);
  }
  switch (name) {
  case SO_TYPE:
    return put_option(value, end_->type);
  case SO_DOMAIN:
    return put_option(value, AF_UNIX);
  case SO_PROTOCOL:
    return put_option(value, 0);
  case SO_ACCEPTCONN:
    return put_option(value, int{end_->state == End::State::listening});
  case SO_ERROR:
    return put_option(value, static_cast<int>(end_->take_error()));
  case SO_PASSCRED:
    return put_option(value, int{end_->passes_credentials});
  case SO_PEERCRED:
    return put_option(value, credentials_of_peer(*end_));
  case SO_REUSEADDR:
    return put_option(value, int{reuses_address_});
  case SO_KEEPALIVE:
    return put_option(value, int{keeps_alive_});
  case SO_SNDBUF:
    return put_option(value, static_cast<int>(end_->send_limit));
  case SO_RCVBUF:
    return put_option(value, static_cast<int>(end_->receive_limit));
  case SO_RCVTIMEO:
    return net::put_timeout(value, receive_timeout_);
  case SO_SNDTIMEO:
    return net::put_timeout(value, send_timeout_);
  default:
    return fail(std::errc::no_protocol_option);
  }
}

Result<long> Socket::ioctl(unsigned long request, std::uint64_t argument) {
  std::size_t size = 0;
  if (request == FIONREAD) {
    if (end_->state == End::State::listening) {
      return fail(std::errc::invalid_argument);
    }
    for (const Message& message : end_->messages) {
      size += message.bytes.size();
      if (!end_->has_connections()) {
        break; // of datagrams the first
      }
    }
  } else if (request == TIOCOUTQ) {
    size = end_->charged_bytes;
  } else {
    return net::interface_request(request, argument);
  }
  const auto told = static_cast<int>(size);
  TRY(mm::copy_out(mm::VirtualAddress(argument), std::as_bytes(std::span(&told, 1))));
  return 0;
}

} // namespace skerry::posix::local
