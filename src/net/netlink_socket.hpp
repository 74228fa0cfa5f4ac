// SPDX-License-Identifier: Apache-2.0
// Sockets of AF_NETLINK, protocol NETLINK_ROUTE, as far as getifaddrs(3) and if_nameindex(3) need
// them: all links and all addresses can be asked for. Everything else is answered with an error
// message (EOPNOTSUPP), and there are no groups that would tell of changes.
#pragma once

#include "src/net/netlink_message.hpp"

#include <kernel/wait_queue.hpp>
#include <mm/heap.hpp>
#include <net/socket.hpp>

namespace skerry::net {

class NetlinkSocket final : public Socket {
public:
  /// `type` is SOCK_RAW or SOCK_DGRAM, which mean the same.
  explicit NetlinkSocket(int type) : type_(type) {}
  ~NetlinkSocket() override;

  [[nodiscard]] Result<std::size_t> read(fs::UserBuffer& buffer) override;
  [[nodiscard]] Result<std::size_t> write(fs::UserBuffer& buffer) override;
  [[nodiscard]] Result<long> ioctl(unsigned long request, std::uint64_t argument) override;
  [[nodiscard]] fs::Readiness poll() override;
  [[nodiscard]] kernel::WaitQueue* wait_queue() override { return &changes_; }
  [[nodiscard]] fs::Status status() override;
  [[nodiscard]] Socket* as_socket() override { return this; }

  [[nodiscard]] int type() const override { return type_; }
  [[nodiscard]] Result<> bind(const SocketAddress& local) override;
  [[nodiscard]] Result<> connect(const SocketAddress& peer) override;
  [[nodiscard]] Result<> listen(int backlog) override;
  [[nodiscard]] Result<fs::FileReference> accept() override;
  [[nodiscard]] Result<std::size_t> send(fs::UserBuffer& buffer, const Transfer& how,
                                         const Outgoing& beside) override;
  [[nodiscard]] Result<Received> receive(fs::UserBuffer& buffer, const Transfer& how,
                                         const Incoming& beside) override;
  [[nodiscard]] Result<> shutdown(Direction direction) override;
  [[nodiscard]] Result<> local_address(SocketAddress& address) override;
  [[nodiscard]] Result<> peer_address(SocketAddress& address) override;
  [[nodiscard]] Result<> set_option(int level, int name, std::span<const std::byte> value) override;
  [[nodiscard]] Result<std::size_t> get_option(int level, int name,
                                               std::span<std::byte> value) override;

private:
  void destroy() override;
  void choose_port();
  /// Answers all requests of one datagram.
  [[nodiscard]] Result<> answer(std::span<const std::byte> requests);
  [[nodiscard]] Result<> answer(const netlink::Header& request);
  [[nodiscard]] Result<> answer_with_status(std::errc status, const netlink::Header& request);

  // Dumps (netlink_dump.cpp).
  [[nodiscard]] Result<> dump(const netlink::Header& request);
  [[nodiscard]] Result<NetlinkMessage*> add(std::uint16_t type, std::uint16_t flags,
                                            const netlink::Header& request);

  int type_;
  std::uint32_t port_ = 0;
  kernel::WaitQueue changes_;
  IntrusiveList<NetlinkMessage> answers_;
};

} // namespace skerry::net
