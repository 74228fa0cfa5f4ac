// SPDX-License-Identifier: Apache-2.0
// Calls that make sockets and change what they are.
#include "src/posix/socket_calls.hpp"

#include "src/posix/descriptors.hpp"
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

Result<SocketReference> find_socket(int descriptor) {
  SocketReference found;
  found.file = TRY(find_file(descriptor));
  found.socket = found.file->as_socket();
  if (found.socket == nullptr) {
    return fail(std::errc::not_a_socket);
  }
  return found;
}

Result<long> sys_socket(int domain, int type, int protocol) {
  constexpr int flags = SOCK_NONBLOCK | SOCK_CLOEXEC;
  return enter(TRY(net::create_socket(domain, type & ~flags, protocol)), type & flags);
}

Result<long> sys_bind(int descriptor, std::uint64_t address, unsigned size) {
  const auto found = TRY(find_socket(descriptor));
  TRY(found.socket->bind(TRY(read_endpoint(address, size))));
  return 0;
}

Result<long> sys_connect(int descriptor, std::uint64_t address, unsigned size) {
  const auto found = TRY(find_socket(descriptor));
  if (TRY(is_unspecified(address, size))) {
    TRY(found.socket->disconnect());
    return 0;
  }
  TRY(found.socket->connect(TRY(read_endpoint(address, size))));
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
  const auto peer = accepted->as_socket()->peer_endpoint();
  TRY(write_endpoint(peer.value_or(net::Endpoint{}), address, size));
  return enter(std::move(accepted), flags);
}

Result<long> sys_accept(int descriptor, std::uint64_t address, UserPointer<unsigned> size) {
  return sys_accept4(descriptor, address, size, 0);
}

Result<long> sys_getsockname(int descriptor, std::uint64_t address, UserPointer<unsigned> size) {
  const auto found = TRY(find_socket(descriptor));
  const net::Endpoint endpoint = TRY(found.socket->local_endpoint());
  if (address == 0) {
    return fail(std::errc::bad_address);
  }
  TRY(write_endpoint(endpoint, address, size));
  return 0;
}

Result<long> sys_getpeername(int descriptor, std::uint64_t address, UserPointer<unsigned> size) {
  const auto found = TRY(find_socket(descriptor));
  const net::Endpoint endpoint = TRY(found.socket->peer_endpoint());
  if (address == 0) {
    return fail(std::errc::bad_address);
  }
  TRY(write_endpoint(endpoint, address, size));
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
  if (size > max_option) {
    return fail(std::errc::invalid_argument);
  }
  std::array<std::byte, max_option> bytes;
  const auto option = std::span(bytes).first(size);
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
