// SPDX-License-Identifier: Apache-2.0
// Sockets of IPv4 and IPv6: what they have to do with sockaddr_in and sockaddr_in6, so that the
// rest of the network deals in endpoints alone. The members on endpoints mean what those on
// addresses do.
#pragma once

#include <net/endpoint.hpp>
#include <net/socket.hpp>

#include <optional>

namespace skerry::net {

/// Reads a sockaddr.
/// Errors: invalid_argument  too short; address_family_not_supported
[[nodiscard]] Result<Endpoint> decode(const SocketAddress& address);
void encode(const Endpoint& endpoint, SocketAddress& address);

/// What a datagram is to be sent from (IP_PKTINFO, IPV6_PKTINFO), as far as it is said.
struct Source {
  std::optional<Address> address;
  std::uint32_t interface = 0;
};

class InternetSocket : public Socket {
public:
  [[nodiscard]] virtual Family family() const = 0;
  /// IPPROTO_TCP or IPPROTO_UDP.
  [[nodiscard]] virtual int protocol() const = 0;

  [[nodiscard]] Result<> bind(const SocketAddress& local) final;
  [[nodiscard]] Result<> connect(const SocketAddress& peer) final;
  [[nodiscard]] Result<std::size_t> send(fs::UserBuffer& buffer, const Transfer& how,
                                         const Outgoing& beside) final;
  [[nodiscard]] Result<Received> receive(fs::UserBuffer& buffer, const Transfer& how,
                                         const Incoming& beside) final;
  [[nodiscard]] Result<> local_address(SocketAddress& address) final;
  [[nodiscard]] Result<> peer_address(SocketAddress& address) final;

  [[nodiscard]] virtual Result<> bind(const Endpoint& local) = 0;
  [[nodiscard]] virtual Result<> connect(const Endpoint& peer) = 0;
  /// Forgets the peer of a datagram socket.
  [[nodiscard]] virtual Result<> disconnect() = 0;
  [[nodiscard]] virtual Result<std::size_t> send(fs::UserBuffer& buffer, const Transfer& how,
                                                 const std::optional<Endpoint>& to) = 0;
  /// The same from a place that the application chose.
  /// Errors: operation_not_supported  not for this kind of socket; invalid_argument  not our
  /// address
  [[nodiscard]] virtual Result<std::size_t> send_from(const Source& source, fs::UserBuffer& buffer,
                                                      const Transfer& how,
                                                      const std::optional<Endpoint>& to);
  [[nodiscard]] virtual Result<Received> receive(fs::UserBuffer& buffer, const Transfer& how) = 0;
  /// Puts what the application has asked to know of a datagram.
  virtual void describe(const Received& datagram, ControlSink& sink) const;
  [[nodiscard]] virtual Result<Endpoint> local_endpoint() = 0;
  /// Errors: not_connected
  [[nodiscard]] virtual Result<Endpoint> peer_endpoint() = 0;
};

} // namespace skerry::net
