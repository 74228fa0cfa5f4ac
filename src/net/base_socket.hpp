// SPDX-License-Identifier: Apache-2.0
// What sockets of all protocols have in common: the queue of those who wait, the error that waits
// to be told, timeouts, and the options that are the same for all.
#pragma once

#include "src/net/internet_socket.hpp"
#include "src/net/lwip.hpp"
#include "src/net/socket_address.hpp"
#include "src/net/stack.hpp"

#include <hal/clock.hpp>
#include <kernel/wait_queue.hpp>
#include <net/socket_option.hpp>

#include <optional>

namespace skerry::net {

class BaseSocket : public InternetSocket {
public:
  explicit BaseSocket(Family family) : family_(family) {}

  [[nodiscard]] Family family() const final { return family_; }
  [[nodiscard]] kernel::WaitQueue* wait_queue() final { return &changes_; }
  [[nodiscard]] Result<std::size_t> read(fs::UserBuffer& buffer) final;
  [[nodiscard]] Result<std::size_t> write(fs::UserBuffer& buffer) final;
  [[nodiscard]] net::Socket* as_socket() final { return this; }
  [[nodiscard]] fs::Status status() final;

protected:
  /// Blocks until `predicate` holds.
  /// Errors: resource_unavailable_try_again  the socket or the transfer does not wait, or `timeout`
  ///         has passed; interrupted
  template <class Predicate>
  [[nodiscard]] Result<> wait(Predicate&& predicate, bool do_not_wait, Duration timeout) {
    if (do_not_wait || non_blocking()) {
      return fail(std::errc::resource_unavailable_try_again);
    }
    const Instant deadline =
        timeout == Duration() ? Instant::never() : hal::monotonic_now() + timeout;
    switch (changes_.wait_until(predicate, deadline)) {
    case kernel::WaitResult::ready:
      return {};
    case kernel::WaitResult::timeout:
      return fail(std::errc::resource_unavailable_try_again);
    default:
      return fail(std::errc::interrupted);
    }
  }

  void changed() { changes_.wake_all(); }

  /// The error that SO_ERROR and the next call tell, once.
  void set_error(std::errc error) { error_ = error; }
  [[nodiscard]] bool has_error() const { return error_ != std::errc(); }
  [[nodiscard]] std::errc take_error();

  /// Options of SOL_SOCKET that do not depend on the protocol. Returns nothing for those that do.
  [[nodiscard]] std::optional<Result<>> set_common_option(int level, int name,
                                                          std::span<const std::byte> value);
  [[nodiscard]] std::optional<std::size_t> get_common_option(int level, int name,
                                                             std::span<std::byte> value);
  /// Options of IPPROTO_IP and IPPROTO_IPV6 that belong to the PCB.
  [[nodiscard]] std::optional<Result<>> set_ip_option(ip_pcb& pcb, int level, int name,
                                                      std::span<const std::byte> value);
  [[nodiscard]] std::optional<std::size_t> get_ip_option(const ip_pcb& pcb, int level, int name,
                                                         std::span<std::byte> value);

  [[nodiscard]] Duration receive_timeout() const { return receive_timeout_; }
  [[nodiscard]] Duration send_timeout() const { return send_timeout_; }
  [[nodiscard]] bool only_v6() const { return only_v6_; }
  [[nodiscard]] u8_t lwip_type() const;
  /// What a bind to "any address" means to lwIP.
  [[nodiscard]] ip_addr_t any_address() const;
  [[nodiscard]] Endpoint shown(const ip_addr_t& address, u16_t port) const {
    return {.address = address_for_socket(address, family_), .port = port};
  }

private:
  kernel::WaitQueue changes_;
  std::errc error_{};
  Duration receive_timeout_;
  Duration send_timeout_;
  Family family_;
  bool only_v6_ = false;
};

} // namespace skerry::net
