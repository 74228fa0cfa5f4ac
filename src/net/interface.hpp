// SPDX-License-Identifier: Apache-2.0
// A network device as an interface of lwIP: frames in as pbufs without a copy, pbufs out as
// packets.
#pragma once

#include "src/net/lwip.hpp"
#include "src/net/routes.hpp"

#include <core/result.hpp>
#include <device/net_device.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace skerry::net {

/// Why frames were not taken or sent; they only grow.
struct InterfaceDrops {
  std::uint64_t malformed = 0; ///< shorter than a header, or longer than a frame can be
  std::uint64_t forged = 0;    ///< from an address that no neighbour has (admission.hpp)
  std::uint64_t no_memory = 0;
  std::uint64_t transmit_queue_full = 0;
  std::uint64_t transmit_failed = 0;
};

/// Context: thread, inside a StackUse, but where it says otherwise. Lives for ever.
class Interface final : public device::NetReceiver {
public:
  explicit Interface(device::NetDevice& device) : device_(device) {}

  /// Enters the interface into lwIP and starts the device.
  /// Errors: not_enough_memory
  [[nodiscard]] Result<> start();

  /// Returns whether the device has more.
  bool poll();
  /// Sends what waited for room and tells the device of everything new.
  void flush();

  [[nodiscard]] netif& lwip() { return netif_; }
  [[nodiscard]] device::NetDevice& device() { return device_; }
  [[nodiscard]] const InterfaceDrops& drops() const { return drops_; }
  [[nodiscard]] Routes& routes() { return routes_; }

  static Interface& of(const netif& lwip) { return *static_cast<Interface*>(lwip.state); }

  void receive(unsigned queue, device::Packet&& packet) override;
  void link_changed(bool up) override;

private:
  static err_t initialize(netif* lwip);
  static err_t output(netif* lwip, pbuf* frame);
  static void status_changed(netif* lwip);
  /// Logs the IPv4 address when it is another one.
  void tell_address();
  err_t send(pbuf* frame);
  [[nodiscard]] Result<> transmit(pbuf* frame);
  void send_waiting();

  /// Frames that found the device's queue full, oldest at `first_waiting_`.
  static constexpr std::size_t max_waiting = 512;

  device::NetDevice& device_;
  netif netif_{};
  ip4_addr_t told_{};
  Routes routes_;
  InterfaceDrops drops_;
  std::array<pbuf*, max_waiting> waiting_{};
  std::size_t first_waiting_ = 0;
  std::size_t waiting_count_ = 0;
  bool unflushed_ = false;
};

/// Makes an interface of every device of the registry. Context: boot.
/// Errors: not_enough_memory
[[nodiscard]] Result<> start_interfaces();
/// The interfaces in the order of the devices.
[[nodiscard]] std::span<Interface* const> interfaces();
/// Polls all of them; returns whether one has more.
bool poll_interfaces();
void flush_interfaces();

} // namespace skerry::net
