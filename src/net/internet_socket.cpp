// SPDX-License-Identifier: Apache-2.0
// Between sockaddr_in, sockaddr_in6 and endpoints.
#include "src/net/internet_socket.hpp"

#include <net/control_data.hpp>
#include <net/socket_option.hpp>

#include <algorithm>
#include <bit>
#include <cstring>
#include <netinet/in.h>

namespace skerry::net {
namespace {

/// What Linux calls sizeof(struct sockaddr_in6) without the scope (RFC 2133).
constexpr unsigned least_in6_size = 24;

/// As many bytes of a T as the address has; the rest are zeros.
template <class T> T beginning_of(const SocketAddress& address) {
  T value{};
  std::memcpy(&value, address.bytes.data(), std::min<std::size_t>(address.size, sizeof value));
  return value;
}

template <class T> void put(const T& value, SocketAddress& address) {
  static_assert(sizeof value <= SocketAddress::max_size);
  std::memcpy(address.bytes.data(), &value, sizeof value);
  address.size = sizeof value;
}

Endpoint from_in(const sockaddr_in& address) {
  Endpoint endpoint;
  std::memcpy(endpoint.address.bytes.data(), &address.sin_addr, 4);
  endpoint.port = std::byteswap(address.sin_port);
  return endpoint;
}

Endpoint from_in6(const sockaddr_in6& address) {
  Endpoint endpoint;
  endpoint.address.family = Family::ipv6;
  std::memcpy(endpoint.address.bytes.data(), &address.sin6_addr, 16);
  endpoint.address.scope = address.sin6_scope_id;
  endpoint.port = std::byteswap(address.sin6_port);
  return endpoint;
}

/// Errors: invalid_argument  too short to have one
Result<sa_family_t> family_of(const SocketAddress& address) {
  return address.size >= sizeof(sa_family_t)
             ? Result<sa_family_t>(beginning_of<sa_family_t>(address))
             : fail(std::errc::invalid_argument);
}

template <class T> Result<T> value_of(const ControlPiece& piece) {
  return piece.data.size() == sizeof(T) ? option_value<T>(piece.data)
                                        : fail(std::errc::invalid_argument);
}

/// Errors: invalid_argument  something else than where to send from
Result<Source> read_source(std::span<const std::byte> control) {
  Source source;
  ControlReader reader(control);
  while (const auto piece = TRY(reader.next())) {
    Address address;
    if (piece->level == IPPROTO_IP && piece->type == IP_PKTINFO) {
      const auto info = TRY(value_of<in_pktinfo>(*piece));
      std::memcpy(address.bytes.data(), &info.ipi_spec_dst, sizeof info.ipi_spec_dst);
      source.interface = static_cast<std::uint32_t>(info.ipi_ifindex);
    } else if (piece->level == IPPROTO_IPV6 && piece->type == IPV6_PKTINFO) {
      const auto info = TRY(value_of<in6_pktinfo>(*piece));
      address.family = Family::ipv6;
      std::memcpy(address.bytes.data(), &info.ipi6_addr, sizeof info.ipi6_addr);
      source.interface = static_cast<std::uint32_t>(info.ipi6_ifindex);
    } else {
      return fail(std::errc::invalid_argument);
    }
    if (!address.is_any()) {
      source.address = address;
    }
  }
  return source;
}

} // namespace

Result<Endpoint> decode(const SocketAddress& address) {
  const sa_family_t family = TRY(family_of(address));
  if (family != AF_INET && family != AF_INET6) {
    return fail(std::errc::address_family_not_supported);
  }
  if (address.size < (family == AF_INET ? sizeof(sockaddr_in) : least_in6_size)) {
    return fail(std::errc::invalid_argument);
  }
  return family == AF_INET ? from_in(beginning_of<sockaddr_in>(address))
                           : from_in6(beginning_of<sockaddr_in6>(address));
}

void encode(const Endpoint& endpoint, SocketAddress& address) {
  if (endpoint.address.family == Family::ipv4) {
    sockaddr_in result{};
    result.sin_family = AF_INET;
    result.sin_port = std::byteswap(endpoint.port);
    std::memcpy(&result.sin_addr, endpoint.address.bytes.data(), 4);
    put(result, address);
  } else {
    sockaddr_in6 result{};
    result.sin6_family = AF_INET6;
    result.sin6_port = std::byteswap(endpoint.port);
    std::memcpy(&result.sin6_addr, endpoint.address.bytes.data(), 16);
    result.sin6_scope_id = endpoint.address.scope;
    put(result, address);
  }
}

Result<> InternetSocket::bind(const SocketAddress& local) {
  return bind(TRY(decode(local)));
}

Result<> InternetSocket::connect(const SocketAddress& peer) {
  return TRY(family_of(peer)) == AF_UNSPEC ? disconnect() : connect(TRY(decode(peer)));
}

Result<std::size_t> InternetSocket::send(fs::UserBuffer& buffer, const Transfer& how,
                                         const Outgoing& beside) {
  std::optional<Endpoint> to;
  if (beside.to != nullptr) {
    to = TRY(decode(*beside.to));
  }
  return beside.control.empty() ? send(buffer, how, to)
                                : send_from(TRY(read_source(beside.control)), buffer, how, to);
}

Result<std::size_t> InternetSocket::send_from(const Source&, fs::UserBuffer&, const Transfer&,
                                              const std::optional<Endpoint>&) {
  return fail(std::errc::operation_not_supported);
}

void InternetSocket::describe(const Received&, ControlSink&) const {}

Result<Received> InternetSocket::receive(fs::UserBuffer& buffer, const Transfer& how,
                                         const Incoming& beside) {
  auto received = receive(buffer, how);
  if (received && received->from && beside.from != nullptr) {
    encode(*received->from, *beside.from);
  }
  if (received && beside.control != nullptr) {
    describe(*received, *beside.control);
  }
  return received;
}

Result<> InternetSocket::local_address(SocketAddress& address) {
  encode(TRY(local_endpoint()), address);
  return {};
}

Result<> InternetSocket::peer_address(SocketAddress& address) {
  encode(TRY(peer_endpoint()), address);
  return {};
}

} // namespace skerry::net
