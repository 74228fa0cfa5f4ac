// SPDX-License-Identifier: Apache-2.0
// The open file of a local socket.
#pragma once

#include "src/posix/local/end.hpp"

#include <core/units.hpp>
#include <hal/clock.hpp>
#include <net/socket.hpp>

namespace skerry::posix::local {

class Socket final : public net::Socket {
public:
  explicit Socket(EndReference end) : end_(std::move(end)) {}
  ~Socket() override = default;

  [[nodiscard]] Result<std::size_t> read(fs::UserBuffer& buffer) override;
  [[nodiscard]] Result<std::size_t> write(fs::UserBuffer& buffer) override;
  [[nodiscard]] Result<long> ioctl(unsigned long request, std::uint64_t argument) override;
  [[nodiscard]] fs::Readiness poll() override;
  [[nodiscard]] kernel::WaitQueue* wait_queue() override { return &end_->changes; }
  [[nodiscard]] fs::Status status() override;
  [[nodiscard]] net::Socket* as_socket() override { return this; }

  [[nodiscard]] int type() const override { return end_->type; }
  [[nodiscard]] Result<> bind(const net::SocketAddress& local) override;
  [[nodiscard]] Result<> connect(const net::SocketAddress& peer) override;
  [[nodiscard]] Result<> listen(int backlog) override;
  [[nodiscard]] Result<fs::FileReference> accept() override;
  [[nodiscard]] Result<std::size_t> send(fs::UserBuffer& buffer, const net::Transfer& how,
                                         const net::Outgoing& beside) override;
  [[nodiscard]] Result<net::Received> receive(fs::UserBuffer& buffer, const net::Transfer& how,
                                              const net::Incoming& beside) override;
  [[nodiscard]] Result<> shutdown(net::Direction direction) override;
  [[nodiscard]] Result<> local_address(net::SocketAddress& address) override;
  [[nodiscard]] Result<> peer_address(net::SocketAddress& address) override;
  [[nodiscard]] Result<> set_option(int level, int name, std::span<const std::byte> value) override;
  [[nodiscard]] Result<std::size_t> get_option(int level, int name,
                                               std::span<std::byte> value) override;

private:
  /// How long one call may wait, over all of its waits.
  struct Patience {
    bool waits = true;
    Instant deadline = Instant::never();
  };

  void destroy() override;

  [[nodiscard]] Patience patience(bool do_not_wait, Duration timeout) const;
  /// Blocks until `predicate` holds.
  /// Errors: resource_unavailable_try_again  there is no time, or it has passed; interrupted
  template <class Predicate>
  [[nodiscard]] static Result<> wait(kernel::WaitQueue& queue, const Patience& patience,
                                     Predicate&& predicate) {
    if (!patience.waits) {
      return predicate() ? Result<>() : fail(std::errc::resource_unavailable_try_again);
    }
    switch (queue.wait_until(predicate, patience.deadline)) {
    case kernel::WaitResult::ready:
      return {};
    case kernel::WaitResult::timeout:
      return fail(std::errc::resource_unavailable_try_again);
    default:
      return fail(std::errc::interrupted);
    }
  }

  [[nodiscard]] Result<> connect_datagrams(const net::SocketAddress& peer);
  [[nodiscard]] Result<> connect_to_listener(const NameText& name);

  [[nodiscard]] Result<std::size_t> send_stream(fs::UserBuffer& buffer, const net::Transfer& how,
                                                const net::Outgoing& beside);
  [[nodiscard]] Result<std::size_t> send_datagram(fs::UserBuffer& buffer, const net::Transfer& how,
                                                  const net::Outgoing& beside);
  [[nodiscard]] Result<> deliver(Message& message, const net::SocketAddress* to,
                                 EndReference receiver, const Patience& patience);
  /// Blocks until this end may send `patience` allowing.
  /// Errors: the one that waits to be told; broken_pipe; those of wait()
  [[nodiscard]] Result<> wait_to_send(const Patience& patience);
  [[nodiscard]] Result<mm::Owned<Message>> make_message(fs::UserBuffer& buffer, std::size_t size,
                                                        Attachment& attachment);
  void add_credentials(Message& message, const End& receiver) const;

  [[nodiscard]] Result<net::Received>
  receive_stream(fs::UserBuffer& buffer, const net::Transfer& how, const net::Incoming& beside);
  [[nodiscard]] Result<net::Received> peek_stream(fs::UserBuffer& buffer, const Patience& patience,
                                                  const net::Incoming& beside);
  /// Blocks until there is something to read; false when nothing more comes.
  /// Errors: the one that waits to be told; those of wait()
  [[nodiscard]] Result<bool> wait_for_bytes(const Patience& patience);
  [[nodiscard]] Result<net::Received>
  receive_datagram(fs::UserBuffer& buffer, const net::Transfer& how, const net::Incoming& beside);
  void tell(const std::optional<ucred>& credentials, std::span<const fs::FileReference> files,
            net::ControlSink* sink) const;

  EndReference end_;
  Duration receive_timeout_;
  Duration send_timeout_;
  bool reuses_address_ = false;
  bool keeps_alive_ = false;
};

} // namespace skerry::posix::local
