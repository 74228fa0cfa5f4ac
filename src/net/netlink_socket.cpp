// SPDX-License-Identifier: Apache-2.0
// See the header.
#include "src/net/netlink_socket.hpp"

#include <fs/node.hpp>
#include <net/interface_requests.hpp>
#include <net/socket_option.hpp>

#include <algorithm>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>

namespace skerry::net {
namespace {

using namespace netlink;

/// More than any request that is understood.
constexpr std::size_t max_request = 1024;

/// Errors: invalid_argument  too short, or of another family
Result<SocketName> read_address(const SocketAddress& address) {
  const auto read = TRY(option_value<SocketName>(address.value()));
  return read.family == AF_NETLINK ? Result<SocketName>(read) : fail(std::errc::invalid_argument);
}

void write_address(std::uint32_t port, SocketAddress& address) {
  const SocketName full{.family = AF_NETLINK, .port = port};
  std::memcpy(address.bytes.data(), &full, sizeof full);
  address.size = sizeof full;
}

/// Port 0 is the kernel's; nobody else listens.
Result<> check_receiver(const SocketAddress& address) {
  const SocketName to = TRY(read_address(address));
  return to.port == 0 && to.groups == 0 ? Result<>() : fail(std::errc::connection_refused);
}

} // namespace

NetlinkSocket::~NetlinkSocket() {
  while (NetlinkMessage* message = answers_.pop_front()) {
    const mm::Owned<NetlinkMessage> end(message);
  }
}

void NetlinkSocket::destroy() {
  const mm::Owned<NetlinkSocket> end(this);
}

void NetlinkSocket::choose_port() {
  static constinit std::uint32_t last_port = 0;
  if (port_ == 0) {
    port_ = ++last_port;
  }
}

Result<> NetlinkSocket::bind(const SocketAddress& local) {
  const SocketName address = TRY(read_address(local));
  if (address.groups != 0) {
    return fail(std::errc::operation_not_supported); // nobody would tell of changes
  }
  if (address.port != 0 && port_ != 0 && address.port != port_) {
    return fail(std::errc::invalid_argument);
  }
  port_ = address.port != 0 ? address.port : port_;
  choose_port();
  return {};
}

Result<> NetlinkSocket::connect(const SocketAddress& peer) {
  TRY(check_receiver(peer));
  choose_port();
  return {};
}

Result<> NetlinkSocket::listen(int) {
  return fail(std::errc::operation_not_supported);
}

Result<fs::FileReference> NetlinkSocket::accept() {
  return fail(std::errc::operation_not_supported);
}

Result<> NetlinkSocket::shutdown(Direction) {
  return fail(std::errc::operation_not_supported);
}

Result<> NetlinkSocket::local_address(SocketAddress& address) {
  write_address(port_, address);
  return {};
}

Result<> NetlinkSocket::peer_address(SocketAddress& address) {
  write_address(0, address);
  return {};
}

Result<std::size_t> NetlinkSocket::read(fs::UserBuffer& buffer) {
  return TRY(receive(buffer, {}, {})).size_bytes;
}

Result<std::size_t> NetlinkSocket::write(fs::UserBuffer& buffer) {
  return send(buffer, {}, {});
}

Result<> NetlinkSocket::answer_with_status(std::errc status, const Header& request) {
  NetlinkMessage& message = *TRY(add(error_message, 0, request));
  message.put(-static_cast<std::int32_t>(status));
  message.put(request);
  return {};
}

Result<> NetlinkSocket::answer(const Header& request) {
  const bool is_dump = (request.flags & netlink::dump) == netlink::dump;
  if (is_dump && (request.type == get_link || request.type == get_address)) {
    return dump(request);
  }
  const bool is_for_us = (request.flags & netlink::request) != 0 && request.type >= first_request;
  if (is_for_us) {
    return answer_with_status(std::errc::operation_not_supported, request);
  }
  return (request.flags & acknowledge) != 0 ? answer_with_status(std::errc(), request) : Result<>();
}

Result<> NetlinkSocket::answer(std::span<const std::byte> requests) {
  while (requests.size() >= sizeof(Header)) {
    Header request = TRY(option_value<Header>(requests));
    if (request.size_bytes < sizeof request || request.size_bytes > requests.size()) {
      return {}; // as on Linux: what cannot be a message is not looked at
    }
    request.port = port_;
    TRY(answer(request));
    const std::size_t space = (std::size_t{request.size_bytes} + 3) / 4 * 4;
    requests = requests.subspan(std::min(space, requests.size()));
  }
  return {};
}

Result<std::size_t> NetlinkSocket::send(fs::UserBuffer& buffer, const Transfer&,
                                        const Outgoing& beside) {
  if (beside.to != nullptr) {
    TRY(check_receiver(*beside.to));
  }
  std::array<std::byte, max_request> bytes;
  const std::size_t size = buffer.remaining();
  if (size > bytes.size()) {
    return fail(std::errc::message_size);
  }
  choose_port();
  if (size != 0 && TRY(buffer.take(std::span(bytes).first(size))) != size) {
    return fail(std::errc::bad_address);
  }
  const auto answered = answer(std::span(bytes).first(size));
  changes_.wake_all();
  TRY(answered);
  return size;
}

Result<Received> NetlinkSocket::receive(fs::UserBuffer& buffer, const Transfer& how,
                                        const Incoming& beside) {
  const bool waits = !how.do_not_wait && !non_blocking();
  if (answers_.empty() && !waits) {
    return fail(std::errc::resource_unavailable_try_again);
  }
  if (changes_.wait_until([this] { return !answers_.empty(); }) != kernel::WaitResult::ready) {
    return fail(std::errc::interrupted);
  }
  if (beside.from != nullptr) {
    write_address(0, *beside.from);
  }
  // As many whole messages as there is room for; of one that is too long the front.
  Received result;
  std::size_t whole = 0;
  const std::size_t room = buffer.remaining();
  std::size_t count = 0;
  for (NetlinkMessage& message : answers_) {
    const auto bytes = message.bytes();
    if (count != 0 && whole + bytes.size() > room) {
      break;
    }
    whole += bytes.size();
    ++count;
    if (buffer.remaining() != 0) {
      result.size_bytes += TRY(buffer.put(bytes));
    }
  }
  result.truncated = whole > room;
  result.size_bytes = how.truncate ? whole : result.size_bytes;
  for (; count != 0 && !how.peek; --count) {
    const mm::Owned<NetlinkMessage> end(answers_.pop_front());
  }
  return result;
}

fs::Readiness NetlinkSocket::poll() {
  return POLLOUT | POLLWRNORM | (answers_.empty() ? 0 : POLLIN | POLLRDNORM);
}

Result<long> NetlinkSocket::ioctl(unsigned long request, std::uint64_t argument) {
  return interface_request(request, argument);
}

fs::Status NetlinkSocket::status() {
  return {.mode = S_IFSOCK | S_IRWXU | S_IRWXG | S_IRWXO, .links = 1};
}

Result<> NetlinkSocket::set_option(int, int, std::span<const std::byte>) {
  return fail(std::errc::no_protocol_option);
}

Result<std::size_t> NetlinkSocket::get_option(int level, int name, std::span<std::byte> value) {
  if (level != SOL_SOCKET) {
    return fail(std::errc::no_protocol_option);
  }
  switch (name) {
  case SO_TYPE:
    return put_option(value, type_);
  case SO_DOMAIN:
    return put_option(value, AF_NETLINK);
  case SO_PROTOCOL:
    return put_option(value, protocol_route);
  case SO_ERROR:
  case SO_ACCEPTCONN:
    return put_option(value, 0);
  default:
    return fail(std::errc::no_protocol_option);
  }
}

} // namespace skerry::net
