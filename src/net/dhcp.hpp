// SPDX-License-Identifier: Apache-2.0
// What DHCP servers tell beyond what lwIP reads: the MTU, and routes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace skerry::net {

/// The options of one reply.
class DhcpOptions {
public:
  /// Forgets them all: another reply begins.
  void clear();

  /// Adds an option, or the next part of one that comes in parts (RFC 3396).
  void add(std::uint8_t option, std::span<const std::uint8_t> bytes);

  /// The MTU of the link: what the option says, but no less than every host must take and no more
  /// than the device can do. Without one, what the device can do.
  [[nodiscard]] std::uint16_t mtu(std::uint32_t of_device) const;

  /// The bytes of option 121; empty when it did not come. What a frame of Ethernet does not hold is
  /// cut off.
  [[nodiscard]] std::span<const std::uint8_t> routes() const { return {routes_.data(), size_}; }

private:
  std::uint16_t mtu_ = 0; ///< 0: not said
  std::array<std::uint8_t, 1500> routes_{};
  std::size_t size_ = 0;
};

/// Puts option 121 before all others that a message asks for: a server that cannot give all gives
/// the first ones (RFC 3442). `options` are all of the message.
void ask_for_routes_first(std::span<std::uint8_t> options);

} // namespace skerry::net
