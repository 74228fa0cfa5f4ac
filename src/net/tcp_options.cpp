// SPDX-License-Identifier: Apache-2.0
// Options of TCP sockets, and what ioctl asks of them.
#include "src/net/tcp_socket.hpp"

#include <mm/user_copy.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace skerry::net {
namespace {

constexpr int milliseconds_per_second = 1000;
constexpr int max_seconds = 32767;
constexpr int max_probes = 127;

Result<u32_t> read_seconds(std::span<const std::byte> value) {
  const int seconds = TRY(option_value<int>(value));
  if (seconds < 1 || seconds > max_seconds) {
    return fail(std::errc::invalid_argument);
  }
  return static_cast<u32_t>(seconds * milliseconds_per_second);
}

} // namespace

ip_pcb* TcpSocket::ip() const {
  return reinterpret_cast<ip_pcb*>(pcb_); // every PCB begins with one
}

Result<> TcpSocket::set_option(int level, int name, std::span<const std::byte> value) {
  const StackUse use;
  if (level == IPPROTO_IPV6 && name == IPV6_V6ONLY && bound_) {
    return fail(std::errc::invalid_argument);
  }
  if (const auto done = set_common_option(level, name, value)) {
    return *done;
  }
  if (level == SOL_SOCKET && name == SO_LINGER) {
    const auto wanted = TRY(option_value<struct linger>(value));
    linger_ =
        wanted.l_onoff != 0 ? std::optional(Duration::seconds(wanted.l_linger)) : std::nullopt;
    return {};
  }
  if (level == SOL_SOCKET && (name == SO_RCVBUF || name == SO_SNDBUF)) {
    // As on Linux a size is a wish that is bounded; here both bounds are the same. What was
    // granted is what getsockopt() tells.
    TRY(option_value<int>(value));
    return {};
  }
  if (pcb_ == nullptr) {
    return fail(std::errc::invalid_argument);
  }
  if (const auto done = set_ip_option(*ip(), level, name, value)) {
    return *done;
  }
  return level == IPPROTO_TCP && state_ != State::listening ? set_tcp_option(name, value)
                                                            : fail(std::errc::no_protocol_option);
}

Result<> TcpSocket::set_tcp_option(int name, std::span<const std::byte> value) {
  switch (name) {
  case TCP_NODELAY:
    if (TRY(option_value<int>(value)) != 0) {
      tcp_nagle_disable(pcb_);
      (void)tcp_output(pcb_);
    } else {
      tcp_nagle_enable(pcb_);
    }
    return {};
  case TCP_KEEPIDLE:
    pcb_->keep_idle = TRY(read_seconds(value));
    return {};
  case TCP_KEEPINTVL:
    pcb_->keep_intvl = TRY(read_seconds(value));
    return {};
  case TCP_KEEPCNT: {
    const int count = TRY(option_value<int>(value));
    if (count < 1 || count > max_probes) {
      return fail(std::errc::invalid_argument);
    }
    pcb_->keep_cnt = static_cast<u32_t>(count);
    return {};
  }
  default:
    return fail(std::errc::no_protocol_option);
  }
}

Result<std::size_t> TcpSocket::get_option(int level, int name, std::span<std::byte> value) {
  const StackUse use;
  if (const auto size = get_common_option(level, name, value)) {
    return *size;
  }
  if (level == SOL_SOCKET) {
    switch (name) {
    case SO_ACCEPTCONN:
      return put_option(value, int{state_ == State::listening});
    case SO_RCVBUF:
      return put_option(value, TCP_WND);
    case SO_SNDBUF:
      return put_option(value, TCP_SND_BUF);
    case SO_LINGER: {
      struct linger result{};
      result.l_onoff = linger_ ? 1 : 0;
      result.l_linger = static_cast<int>(linger_.value_or(Duration()).in_seconds());
      return put_option(value, result);
    }
    default:
      break;
    }
  }
  if (pcb_ == nullptr) {
    return fail(std::errc::invalid_argument);
  }
  if (const auto size = get_ip_option(*ip(), level, name, value)) {
    return *size;
  }
  return level == IPPROTO_TCP && state_ != State::listening ? get_tcp_option(name, value)
                                                            : fail(std::errc::no_protocol_option);
}

Result<std::size_t> TcpSocket::get_tcp_option(int name, std::span<std::byte> value) {
  switch (name) {
  case TCP_NODELAY:
    return put_option(value, int{tcp_nagle_disabled(pcb_) != 0});
  case TCP_MAXSEG:
    return put_option(value, int{tcp_mss(pcb_)});
  case TCP_KEEPIDLE:
    return put_option(value, static_cast<int>(pcb_->keep_idle / milliseconds_per_second));
  case TCP_KEEPINTVL:
    return put_option(value, static_cast<int>(pcb_->keep_intvl / milliseconds_per_second));
  case TCP_KEEPCNT:
    return put_option(value, static_cast<int>(pcb_->keep_cnt));
  default:
    return fail(std::errc::no_protocol_option);
  }
}

Result<long> TcpSocket::ioctl(unsigned long request, std::uint64_t argument) {
  if (request != FIONREAD) {
    return fail(std::errc::inappropriate_io_control_operation);
  }
  if (state_ == State::listening) {
    return fail(std::errc::invalid_argument);
  }
  const auto size = static_cast<int>(std::min<std::size_t>(received_.size_bytes(), INT32_MAX));
  TRY(mm::copy_out(mm::VirtualAddress(argument), std::as_bytes(std::span(&size, 1))));
  return 0;
}

} // namespace skerry::net
