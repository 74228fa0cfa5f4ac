// SPDX-License-Identifier: Apache-2.0
// A socket: a file that has endpoints. The meaning of each member is that of the call of the same
// name in POSIX; where Linux differs, Linux'.
#pragma once

#include <core/result.hpp>
#include <fs/file.hpp>
#include <net/endpoint.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace skerry::net {

/// The most connections that may wait for accept(); listen(2) cuts off what is more.
inline constexpr int max_backlog = 255;

/// An address in the application's form, a sockaddr of any family. What lies behind `size` means
/// nothing.
struct SocketAddress {
  static constexpr std::size_t max_size = 128; ///< as sockaddr_storage

  [[nodiscard]] std::span<const std::byte> value() const { return std::span(bytes).first(size); }

  std::array<std::byte, max_size> bytes;
  unsigned size = 0;
};

/// Takes what comes beside the bytes of a message, for who called recvmsg(2).
class ControlSink {
public:
  /// One piece, a cmsghdr of that level and type. What there is no room for is left out, and the
  /// application is told so (MSG_CTRUNC).
  virtual void put(int level, int type, std::span<const std::byte> data) = 0;
  /// Opens a descriptor for each file, as far as there is room for their numbers (SCM_RIGHTS).
  virtual void put_files(std::span<const fs::FileReference> files) = 0;

protected:
  ~ControlSink() = default;
};

/// Flags of send and receive that a socket acts on.
struct Transfer {
  bool do_not_wait = false; ///< MSG_DONTWAIT
  bool peek = false;        ///< MSG_PEEK
  bool wait_all = false;    ///< MSG_WAITALL
  bool more = false;        ///< MSG_MORE
  bool truncate = false;    ///< MSG_TRUNC: a datagram's whole length is returned
};

/// What goes out beside the bytes.
struct Outgoing {
  const SocketAddress* to = nullptr; ///< null when none was named
  /// As cmsg(3) has it, aligned as a cmsghdr.
  std::span<const std::byte> control;
};

/// What comes in beside the bytes, for who asks for it. Both may be null.
struct Incoming {
  SocketAddress* from = nullptr; ///< stays empty where messages have no sender's name
  ControlSink* control = nullptr;
};

/// What a receive found.
struct Received {
  std::size_t size_bytes = 0;
  bool truncated = false; ///< the rest of the datagram was discarded
  /// Of a datagram of the Internet: where it came from and was sent to, and by which interface.
  std::optional<Endpoint> from;
  std::optional<Address> to;
  std::uint32_t interface = 0;
  /// Nanoseconds since 1970; nothing unless the socket asked for it before the datagram came.
  std::optional<std::int64_t> when;
};

enum class Direction : std::uint8_t { receive = 0, send = 1, both = 2 };

/// Context: thread. Calls block unless non_blocking() or Transfer::do_not_wait; a blocked one ends
/// with `interrupted` when a signal comes.
class Socket : public fs::File {
public:
  /// SOCK_STREAM, SOCK_DGRAM or SOCK_SEQPACKET.
  [[nodiscard]] virtual int type() const = 0;

  /// Errors: address_in_use, address_not_available, invalid_argument  bound already
  [[nodiscard]] virtual Result<> bind(const SocketAddress& local) = 0;
  /// An address of family AF_UNSPEC makes a datagram socket forget its peer.
  /// Errors: operation_in_progress, connection_already_in_progress, already_connected,
  ///         connection_refused, timed_out, network_unreachable, address_not_available
  [[nodiscard]] virtual Result<> connect(const SocketAddress& peer) = 0;
  [[nodiscard]] virtual Result<> listen(int backlog) = 0;
  /// The next connection.
  [[nodiscard]] virtual Result<fs::FileReference> accept() = 0;
  [[nodiscard]] virtual Result<std::size_t> send(fs::UserBuffer& buffer, const Transfer& how,
                                                 const Outgoing& beside) = 0;
  [[nodiscard]] virtual Result<Received> receive(fs::UserBuffer& buffer, const Transfer& how,
                                                 const Incoming& beside) = 0;
  [[nodiscard]] virtual Result<> shutdown(Direction direction) = 0;
  [[nodiscard]] virtual Result<> local_address(SocketAddress& address) = 0;
  /// Errors: not_connected
  [[nodiscard]] virtual Result<> peer_address(SocketAddress& address) = 0;
  /// `value` is what setsockopt(2) was given, at most 128 bytes.
  /// Errors: no_protocol_option  not an option of this socket; invalid_argument  not such a value
  [[nodiscard]] virtual Result<> set_option(int level, int name,
                                            std::span<const std::byte> value) = 0;
  /// Writes the option to `value` and returns its size.
  [[nodiscard]] virtual Result<std::size_t> get_option(int level, int name,
                                                       std::span<std::byte> value) = 0;
};

/// What socket(2) makes for the families of the Internet and for AF_NETLINK, which needs no stack.
/// Errors: address_family_not_supported, protocol_not_supported, not_enough_memory,
///         network_down  the stack did not start, for the log's reason
[[nodiscard]] Result<fs::FileReference> create_socket(int domain, int type, int protocol);

} // namespace skerry::net
