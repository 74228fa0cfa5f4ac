// SPDX-License-Identifier: Apache-2.0
// Calls that make sockets and change what they are.
#include "src/posix/socket_calls.hpp"

#include "src/posix/descriptors.hpp"
#include "src/posix/local/create.hpp"
#include "src/posix/socket_address.hpp"
#include "src/posix/sockets.hpp"

#include <algorithm>
#include <array>

namespace skerry::posix {
namespace {

/// The longest value of any option that there is.
constexpr std::size_t max_option = 128;

Result<long> enter(fs::FileReference file, int flags) {
  file->set_non_blocking((flags & SOCK_NONBLOCK) != 0);
  return TRY(open_descriptor(std::move(file), (flags & SOCK_CLOEXEC) != 0));
}

} // namespace

Result<long> sys_socket(int domain, int type, int protocol) {
  constexpr int flags = SOCK_NONBLOCK | SOCK_CLOEXEC;
  const int kind = type & ~flags;
  auto file = domain == AF_UNIX ? local::create_socket(kind, protocol)
                                : net::create_socket(domain, kind, protocol);
  return enter(TRY(std::move(file)), type & flags);
}

Result<long> sys_socketpair(int domain, int type, int protocol, UserPointer<int> descriptors) {
  constexpr int flags = SOCK_NONBLOCK | SOCK_CLOEXEC;
  if (domain != AF_UNIX) {
    const bool is_known = domain == AF_INET || domain == AF_INET6;
    return fail(is_known ? std::errc::operation_not_supported
                         : std::errc::address_family_not_supported);
  }
  auto [one, other] = TRY(local::create_pair(type & ~flags, protocol));
  const int first = static_cast<int>(TRY(enter(std::move(one), type & flags)));
  const auto second = enter(std::move(other), type & flags);
  const auto written = [&]() -> Result<> {
    TRY(descriptors.element(0).write(first));
    return descriptors.element(1).write(static_cast<int>(TRY(second)));
  }();
  if (!written) {
    (void)close_descriptor(first);
    if (second) {
      (void)close_descriptor(static_cast<int>(*second));
    }
    return fail(written.error());
  }
  return 0;
}

Result<long> sys_bind(int descriptor, std::uint64_t address, unsigned size) {
  const auto found = TRY(find_socket(descriptor));
  net::SocketAddress local;
  TRY(read_address(address, size, local));
  TRY(found.socket->bind(local));
  return 0;
}

Result<long> sys_connect(int descriptor, std::uint64_t address, unsigned size) {
  const auto found = TRY(find_socket(descriptor));
  net::SocketAddress peer;
  TRY(read_address(address, size, peer));
  TRY(found.socket->connect(peer));
  return 0;
}

Result<long> sys_listen(int descriptor, int backlog) {
  const auto found = TRY(find_socket(descriptor));
  TRY(found.socket->listen(backlog));
  return 0;
}

Result<long> sys_accept4(int descriptor, std::uint64_t address, UserPointer<unsigned> size,
                         int flags) {
  if ((flags & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) != 0) {
    return fail(std::errc::invalid_argument);
  }
  const auto found = TRY(find_socket(descriptor));
  fs::FileReference accepted = TRY(found.socket->accept());
  // A peer that has gone in the meantime leaves an address of zeros, as on Linux.
  net::SocketAddress peer;
  if (!accepted->as_socket()->peer_address(peer)) {
    peer.bytes.fill({});
    peer.size = sizeof(sockaddr);
  }
  TRY(write_address(peer, address, size));
  return enter(std::move(accepted), flags);
}

Result<long> sys_accept(int descriptor, std::uint64_t address, UserPointer<unsigned> size) {
  return sys_accept4(descriptor, address, size, 0);
}

Result<long> sys_getsockname(int descriptor, std::uint64_t address, UserPointer<unsigned> size) {
  const auto found = TRY(find_socket(descriptor));
  net::SocketAddress own;
  TRY(found.socket->local_address(own));
  if (address == 0) {
    return fail(std::errc::bad_address);
  }
  TRY(write_address(own, address, size));
  return 0;
}

Result<long> sys_getpeername(int descriptor, std::uint64_t address, UserPointer<unsigned> size) {
  const auto found = TRY(find_socket(descriptor));
  net::SocketAddress peer;
  TRY(found.socket->peer_address(peer));
  if (address == 0) {
    return fail(std::errc::bad_address);
  }
  TRY(write_address(peer, address, size));
  return 0;
}

Result<long> sys_shutdown(int descriptor, int how) {
  const auto found = TRY(find_socket(descriptor));
  if (how != SHUT_RD && how != SHUT_WR && how != SHUT_RDWR) {
    return fail(std::errc::invalid_argument);
  }
  TRY(found.socket->shutdown(static_cast<net::Direction>(how)));
  return 0;
}

Result<long> sys_setsockopt(int descriptor, int level, int name, std::uint64_t value,
                            unsigned size) {
  const auto found = TRY(find_socket(descriptor));
  if (static_cast<int>(size) < 0) {
    return fail(std::errc::invalid_argument);
  }
  std::array<std::byte, max_option> bytes;
  const auto option = std::span(bytes).first(std::min<std::size_t>(size, max_option));
  TRY(mm::copy_in(option, mm::VirtualAddress(value)));
  TRY(found.socket->set_option(level, name, option));
  return 0;
}

Result<long> sys_getsockopt(int descriptor, int level, int name, std::uint64_t value,
                            UserPointer<unsigned> size) {
  const auto found = TRY(find_socket(descriptor));
  const unsigned room = TRY(size.read());
  std::array<std::byte, max_option> bytes;
  const auto option = std::span(bytes).first(std::min<std::size_t>(room, max_option));
  const std::size_t used = TRY(found.socket->get_option(level, name, option));
  TRY(mm::copy_out(mm::VirtualAddress(value), option.first(used)));
  TRY(size.write(static_cast<unsigned>(used)));
  return 0;
}

} // namespace skerry::posix
