// SPDX-License-Identifier: Apache-2.0
// UDP sockets over lwIP's protocol control blocks.
#pragma once

#include "src/net/base_socket.hpp"
#include "src/net/memberships.hpp"

#include <core/intrusive_list.hpp>
#include <mm/heap.hpp>

namespace skerry::net {

struct DatagramTag;

/// A datagram that nobody has read yet. On the kernel's heap; owns its pbuf.
struct Datagram : ListNode<DatagramTag> {
  ~Datagram() { pbuf_free(data); }
  pbuf* data = nullptr;
  Endpoint from;
  Address to;
  std::uint32_t interface = 0;
  std::optional<std::int64_t> when;
};

class UdpSocket final : public BaseSocket {
public:
  /// Takes over `pcb`, which is new.
  UdpSocket(Family family, udp_pcb& pcb);
  ~UdpSocket() override = default;

  [[nodiscard]] int type() const override;
  [[nodiscard]] int protocol() const override;
  [[nodiscard]] Result<> bind(const Endpoint& local) override;
  [[nodiscard]] Result<> connect(const Endpoint& peer) override;
  [[nodiscard]] Result<> disconnect() override;
  [[nodiscard]] Result<> listen(int backlog) override;
  [[nodiscard]] Result<fs::FileReference> accept() override;
  [[nodiscard]] Result<std::size_t> send(fs::UserBuffer& buffer, const Transfer& how,
                                         const std::optional<Endpoint>& to) override;
  [[nodiscard]] Result<std::size_t> send_from(const Source& source, fs::UserBuffer& buffer,
                                              const Transfer& how,
                                              const std::optional<Endpoint>& to) override;
  [[nodiscard]] Result<Received> receive(fs::UserBuffer& buffer, const Transfer& how) override;
  void describe(const Received& datagram, ControlSink& sink) const override;
  [[nodiscard]] Result<> shutdown(Direction direction) override;
  [[nodiscard]] Result<Endpoint> local_endpoint() override;
  [[nodiscard]] Result<Endpoint> peer_endpoint() override;
  [[nodiscard]] Result<> set_option(int level, int name, std::span<const std::byte> value) override;
  [[nodiscard]] Result<std::size_t> get_option(int level, int name,
                                               std::span<std::byte> value) override;
  [[nodiscard]] Result<long> ioctl(unsigned long request, std::uint64_t argument) override;
  [[nodiscard]] fs::Readiness poll() override;

private:
  void destroy() override;
  static void on_received(void* socket, udp_pcb* pcb, pbuf* data, const ip_addr_t* from,
                          u16_t port);
  /// Nobody listens at the port of the peer to which `pcb` is connected. PCBs of others, such as
  /// DHCP's, are left alone.
  static void peer_refused(udp_pcb& pcb);
  void take(pbuf* data, const ip_addr_t& from, u16_t port);
  [[nodiscard]] Result<Received> hand_over(Datagram& first, fs::UserBuffer& buffer,
                                           const Transfer& how);
  void pop();
  [[nodiscard]] Result<> transmit(pbuf& data, const Source& source,
                                  const std::optional<Endpoint>& to);
  [[nodiscard]] Result<err_t> transmit_from(pbuf& data, const Source& source, const ip_addr_t& to,
                                            u16_t port);
  [[nodiscard]] Result<> set_udp_option(int level, int name, std::span<const std::byte> value);
  [[nodiscard]] Result<> set_time_option(int name, std::span<const std::byte> value);
  /// Options for what is sent to groups; nothing for others.
  [[nodiscard]] std::optional<Result<>> set_multicast_option(int level, int name,
                                                             std::span<const std::byte> value);
  [[nodiscard]] std::optional<std::size_t> get_multicast_option(int level, int name,
                                                                std::span<std::byte> value) const;
  [[nodiscard]] ip_pcb* ip() const { return reinterpret_cast<ip_pcb*>(pcb_); }
  [[nodiscard]] bool is_connected() const { return (pcb_->flags & UDP_FLAGS_CONNECTED) != 0; }

  static constexpr int default_limit = 212'992; // Linux' net.core.rmem_default
  static constexpr int least_limit = 2'304;
  static constexpr int least_send_limit = 4'608;
  static constexpr u8_t default_multicast_hops = 1;
  /// What a datagram costs beside its bytes, as the limits count it.
  static constexpr int record_bytes = 256;

  udp_pcb* pcb_;
  Memberships groups_;
  IntrusiveList<Datagram, DatagramTag> received_;
  /// Of the datagrams that wait, with what they cost beside their bytes.
  int held_bytes_ = 0;
  int limit_ = default_limit;
  /// What one datagram may take on its way to the device, twice over; there it goes at once.
  int send_limit_ = default_limit;
  bool wants_destination_ = false; ///< IP_PKTINFO, IPV6_RECVPKTINFO
  int wants_time_ = 0;             ///< SO_TIMESTAMP or SO_TIMESTAMPNS, 0 for neither
  bool bound_ = false;
  bool receive_shut_ = false;
  bool send_shut_ = false;
};

} // namespace skerry::net
