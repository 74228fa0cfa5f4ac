// SPDX-License-Identifier: Apache-2.0
// Options of TCP sockets, and what ioctl asks of them.
#include "src/net/tcp_info.hpp"
#include "src/net/tcp_socket.hpp"

#include <mm/user_copy.hpp>
#include <net/interface_requests.hpp>

#include <array>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string_view>
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

/// The only one, in a field of TCP_CA_NAME_MAX bytes: that of RFC 5681.
constexpr std::array<char, 16> congestion_control{'r', 'e', 'n', 'o'};

bool is_congestion_control(std::span<const std::byte> value) {
  std::string_view name(reinterpret_cast<const char*>(value.data()), value.size());
  return name.substr(0, name.find('\0')) == std::string_view(congestion_control.data());
}

bool is_own_option(int name) {
  return name == SO_LINGER || name == SO_SNDBUF || name == SO_RCVBUF || name == SO_RCVLOWAT;
}

/// As Linux rounds it: to how long it would take to send an answer to a SYN again so many times,
/// the first time after a second, and each time twice as long, up to two minutes.
int round_to_retries(int seconds) {
  constexpr int longest = 120;
  constexpr int most_retries = 255;
  int total = seconds > 0 ? 1 : 0;
  int retries = total;
  for (int step = 1; total < seconds && retries < most_retries; ++retries) {
    step = std::min(2 * step, longest);
    total += step;
  }
  return total;
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
  if (level == SOL_SOCKET && is_own_option(name)) {
    return set_own_option(name, value);
  }
  if (pcb_ == nullptr) {
    return fail(std::errc::invalid_argument);
  }
  if (const auto done = set_ip_option(*ip(), level, name, value)) {
    return *done;
  }
  if (level == IPPROTO_TCP && name == TCP_USER_TIMEOUT) {
    const int milliseconds = TRY(option_value<int>(value));
    if (milliseconds < 0) {
      return fail(std::errc::invalid_argument);
    }
    set_patience(Duration::milliseconds(milliseconds));
    return {};
  }
  return level == IPPROTO_TCP ? set_tcp_option(name, value) : fail(std::errc::no_protocol_option);
}

void TcpSocket::apply_settings() {
  if (settings_.no_delay) {
    tcp_nagle_disable(pcb_);
  } else {
    tcp_nagle_enable(pcb_);
  }
  pcb_->keep_idle = settings_.keep_idle;
  pcb_->keep_intvl = settings_.keep_interval;
  pcb_->keep_cnt = settings_.keep_count;
}

Result<bool> TcpSocket::change_settings(int name, std::span<const std::byte> value) {
  switch (name) {
  case TCP_NODELAY:
    settings_.no_delay = TRY(flag_value(value));
    return true;
  case TCP_KEEPIDLE:
    settings_.keep_idle = TRY(read_seconds(value));
    return true;
  case TCP_KEEPINTVL:
    settings_.keep_interval = TRY(read_seconds(value));
    return true;
  case TCP_DEFER_ACCEPT:
    settings_.defer_seconds = round_to_retries(TRY(option_value<int>(value)));
    return true;
  case TCP_KEEPCNT: {
    const int count = TRY(option_value<int>(value));
    if (count < 1 || count > max_probes) {
      return fail(std::errc::invalid_argument);
    }
    settings_.keep_count = static_cast<u32_t>(count);
    return true;
  }
  default:
    return false;
  }
}

Result<> TcpSocket::set_tcp_option(int name, std::span<const std::byte> value) {
  if (TRY(change_settings(name, value))) {
    if (state_ == State::listening) {
      return {};
    }
    apply_settings();
    if (settings_.no_delay) {
      hold_back(false); // what waits goes out, corked or not (tcp(7))
      (void)tcp_output(pcb_);
      hold_back(corked_);
    }
    return {};
  }
  if (name == TCP_CONGESTION) {
    return is_congestion_control(value) ? Result<>() : fail(std::errc::no_such_file_or_directory);
  }
  return state_ == State::listening ? fail(std::errc::no_protocol_option)
                                    : set_option_of_connection(name, value);
}

Result<> TcpSocket::set_option_of_connection(int name, std::span<const std::byte> value) {
  switch (name) {
  case TCP_CORK:
    corked_ = TRY(flag_value(value));
    hold_back(corked_);
    if (!corked_) {
      (void)tcp_output(pcb_);
    }
    return {};
  case TCP_QUICKACK:
    // What was put off goes out now; later acknowledgments are put off again, for the option is not
    // permanent (tcp(7)).
    if (TRY(flag_value(value)) && (pcb_->flags & TF_ACK_DELAY) != 0) {
      tcp_set_flags(pcb_, TF_ACK_NOW);
      (void)tcp_output(pcb_);
    }
    return {};
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
    if (const auto size = get_own_option(name, value)) {
      return *size;
    }
  }
  if (pcb_ == nullptr) {
    return fail(std::errc::invalid_argument);
  }
  if (const auto size = get_ip_option(*ip(), level, name, value)) {
    return *size;
  }
  if (level == IPPROTO_TCP && name == TCP_USER_TIMEOUT) {
    return put_option(value, static_cast<int>(patience_.in_milliseconds()));
  }
  return level == IPPROTO_TCP ? get_tcp_option(name, value) : fail(std::errc::no_protocol_option);
}

Result<std::size_t> TcpSocket::get_tcp_option(int name, std::span<std::byte> value) {
  switch (name) {
  case TCP_NODELAY:
    return put_option(value, int{settings_.no_delay});
  case TCP_KEEPIDLE:
    return put_option(value, static_cast<int>(settings_.keep_idle / milliseconds_per_second));
  case TCP_KEEPINTVL:
    return put_option(value, static_cast<int>(settings_.keep_interval / milliseconds_per_second));
  case TCP_KEEPCNT:
    return put_option(value, static_cast<int>(settings_.keep_count));
  case TCP_DEFER_ACCEPT:
    return put_option(value, settings_.defer_seconds);
  case TCP_CORK:
    return put_option(value, int{corked_});
  case TCP_QUICKACK:
    return put_option(value, 0);
  case TCP_CONGESTION:
    return put_option(value, congestion_control);
  default:
    return state_ == State::listening ? fail(std::errc::no_protocol_option)
                                      : get_option_of_connection(name, value);
  }
}

Result<std::size_t> TcpSocket::get_option_of_connection(int name, std::span<std::byte> value) {
  switch (name) {
  case TCP_INFO:
    return put_option(value, tcp_info_of(*pcb_));
  case TCP_MAXSEG:
    return put_option(value, int{tcp_mss(pcb_)});
  default:
    return fail(std::errc::no_protocol_option);
  }
}

Result<long> TcpSocket::ioctl(unsigned long request, std::uint64_t argument) {
  if (request != FIONREAD) {
    return interface_request(request, argument);
  }
  if (state_ == State::listening) {
    return fail(std::errc::invalid_argument);
  }
  const auto size = static_cast<int>(std::min<std::size_t>(received_.size_bytes(), INT32_MAX));
  TRY(mm::copy_out(mm::VirtualAddress(argument), std::as_bytes(std::span(&size, 1))));
  return 0;
}

} // namespace skerry::net
