// SPDX-License-Identifier: Apache-2.0
// A socket: a file that has endpoints. The meaning of each member is that of the call of the same
// name in POSIX; where Linux differs, Linux'.
#pragma once

#include <core/result.hpp>
#include <fs/file.hpp>
#include <net/endpoint.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace skerry::net {

/// Flags of send and receive that a socket acts on.
struct Transfer {
  bool do_not_wait = false; ///< MSG_DONTWAIT
  bool peek = false;        ///< MSG_PEEK
  bool wait_all = false;    ///< MSG_WAITALL
  bool more = false;        ///< MSG_MORE
  bool truncate = false;    ///< MSG_TRUNC: a datagram's whole length is returned
};

/// What a receive found.
struct Received {
  std::size_t size_bytes = 0;
  bool truncated = false; ///< the rest of the datagram was discarded
  std::optional<Endpoint> from;
  /// Of a datagram: where it was sent to, and the interface that it came by.
  std::optional<Address> to;
  std::uint32_t interface = 0;
};

enum class Direction : std::uint8_t { receive = 0, send = 1, both = 2 };

/// Context: thread. Calls block unless non_blocking() or Transfer::do_not_wait; a blocked one ends
/// with `interrupted` when a signal comes.
class Socket : public fs::File {
public:
  [[nodiscard]] virtual Family family() const = 0;
  /// SOCK_STREAM or SOCK_DGRAM.
  [[nodiscard]] virtual int type() const = 0;
  /// IPPROTO_TCP or IPPROTO_UDP.
  [[nodiscard]] virtual int protocol() const = 0;

  /// Errors: address_in_use, address_not_available, invalid_argument  bound already
  [[nodiscard]] virtual Result<> bind(const Endpoint& local) = 0;
  /// Errors: operation_in_progress, connection_already_in_progress, already_connected,
  ///         connection_refused, timed_out, network_unreachable, address_not_available
  [[nodiscard]] virtual Result<> connect(const Endpoint& peer) = 0;
  /// Forgets the peer of a datagram socket (connect(2) with AF_UNSPEC).
  [[nodiscard]] virtual Result<> disconnect() = 0;
  [[nodiscard]] virtual Result<> listen(int backlog) = 0;
  /// The next connection.
  [[nodiscard]] virtual Result<fs::FileReference> accept() = 0;
  [[nodiscard]] virtual Result<std::size_t> send(fs::UserBuffer& buffer, const Transfer& how,
                                                 const std::optional<Endpoint>& to) = 0;
  [[nodiscard]] virtual Result<Received> receive(fs::UserBuffer& buffer, const Transfer& how) = 0;
  [[nodiscard]] virtual Result<> shutdown(Direction direction) = 0;
  [[nodiscard]] virtual Result<Endpoint> local_endpoint() = 0;
  /// Errors: not_connected
  [[nodiscard]] virtual Result<Endpoint> peer_endpoint() = 0;
  /// `value` is what setsockopt(2) was given, at most 128 bytes.
  /// Errors: no_protocol_option  not an option of this socket; invalid_argument  not such a value
  [[nodiscard]] virtual Result<> set_option(int level, int name,
                                            std::span<const std::byte> value) = 0;
  /// Writes the option to `value` and returns its size.
  [[nodiscard]] virtual Result<std::size_t> get_option(int level, int name,
                                                       std::span<std::byte> value) = 0;
};

/// What socket(2) makes.
/// Errors: address_family_not_supported, protocol_not_supported, not_enough_memory,
///         network_down  the stack did not start, for the log's reason
[[nodiscard]] Result<fs::FileReference> create_socket(int domain, int type, int protocol);

} // namespace skerry::net
