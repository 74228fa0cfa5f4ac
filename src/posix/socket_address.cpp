// SPDX-License-Identifier: Apache-2.0
// Between sockaddr and endpoints.
#include "src/posix/socket_address.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <climits>
#include <cstring>
#include <netinet/in.h>
#include <span>

namespace skerry::posix {
namespace {

/// What Linux calls sizeof(struct sockaddr_in6) without the scope (RFC 2133).
constexpr unsigned least_in6_size = 24;

net::Endpoint from_in(const sockaddr_in& address) {
  net::Endpoint endpoint;
  std::memcpy(endpoint.address.bytes.data(), &address.sin_addr, 4);
  endpoint.port = std::byteswap(address.sin_port);
  return endpoint;
}

net::Endpoint from_in6(const sockaddr_in6& address) {
  net::Endpoint endpoint;
  endpoint.address.family = net::Family::ipv6;
  std::memcpy(endpoint.address.bytes.data(), &address.sin6_addr, 16);
  endpoint.address.scope = address.sin6_scope_id;
  endpoint.port = std::byteswap(address.sin6_port);
  return endpoint;
}

/// The bytes of a sockaddr of either kind.
struct Encoded {
  std::array<std::byte, sizeof(sockaddr_in6)> bytes{};
  unsigned size = 0;
};

Encoded encode(const net::Endpoint& endpoint) {
  Encoded result;
  if (endpoint.address.family == net::Family::ipv4) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = std::byteswap(endpoint.port);
    std::memcpy(&address.sin_addr, endpoint.address.bytes.data(), 4);
    std::memcpy(result.bytes.data(), &address, sizeof address);
    result.size = sizeof address;
  } else {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = std::byteswap(endpoint.port);
    std::memcpy(&address.sin6_addr, endpoint.address.bytes.data(), 16);
    address.sin6_scope_id = endpoint.address.scope;
    std::memcpy(result.bytes.data(), &address, sizeof address);
    result.size = sizeof address;
  }
  return result;
}

Result<sa_family_t> read_family(std::uint64_t address, unsigned size) {
  if (size < sizeof(sa_family_t)) {
    return fail(std::errc::invalid_argument);
  }
  return UserPointer<const sa_family_t>(address).read();
}

} // namespace

Result<net::Endpoint> read_endpoint(std::uint64_t address, unsigned size) {
  switch (TRY(read_family(address, size))) {
  case AF_INET:
    if (size < sizeof(sockaddr_in)) {
      return fail(std::errc::invalid_argument);
    }
    return from_in(TRY(UserPointer<const sockaddr_in>(address).read()));
  case AF_INET6: {
    if (size < least_in6_size) {
      return fail(std::errc::invalid_argument);
    }
    sockaddr_in6 value{};
    const std::size_t length = std::min<std::size_t>(size, sizeof value);
    TRY(mm::copy_in(std::as_writable_bytes(std::span(&value, 1)).first(length),
                    mm::VirtualAddress(address)));
    return from_in6(value);
  }
  default:
    return fail(std::errc::address_family_not_supported);
  }
}

Result<bool> is_unspecified(std::uint64_t address, unsigned size) {
  return TRY(read_family(address, size)) == AF_UNSPEC;
}

Result<unsigned> write_endpoint(const net::Endpoint& endpoint, std::uint64_t address,
                                unsigned room) {
  const Encoded encoded = encode(endpoint);
  TRY(mm::copy_out(mm::VirtualAddress(address),
                   std::span(encoded.bytes).first(std::min(room, encoded.size))));
  return encoded.size;
}

Result<> write_endpoint(const net::Endpoint& endpoint, std::uint64_t address,
                        UserPointer<unsigned> size) {
  if (address == 0) {
    return {};
  }
  const unsigned room = TRY(size.read());
  if (room > INT_MAX) {
    return fail(std::errc::invalid_argument);
  }
  return size.write(TRY(write_endpoint(endpoint, address, room)));
}

} // namespace skerry::posix
