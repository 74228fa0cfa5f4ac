// SPDX-License-Identifier: Apache-2.0
// The network of the image: what there is and whether it is ready. Sockets are POSIX'.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace skerry {

/// An address of an interface and the length of its network's prefix.
struct InterfaceAddress {
  bool is_ipv6 = false;
  std::array<std::uint8_t, 16> bytes{}; ///< in network order; the first four of IPv4
  unsigned prefix_bits = 0;

  /// "10.0.2.15/24", "fe80::5054:ff:fe12:3456/64".
  [[nodiscard]] std::string text() const;
};

struct Interface {
  std::string name;   ///< "en2"
  std::string device; ///< "pci 0:1.0"
  std::array<std::uint8_t, 6> hardware_address{};
  bool link_is_up = false;
  std::size_t mtu = 0; ///< bytes of the largest packet
  std::vector<InterfaceAddress> addresses;
};

/// As they are at this moment, in the order of the devices. Empty without a network. Any thread.
[[nodiscard]] std::vector<Interface> interfaces();

/// Blocks until an interface has an address that is not link-local. False when `patience` is over
/// first, or when there is no network device. Any thread.
[[nodiscard]] bool wait_until_up(std::chrono::nanoseconds patience);

} // namespace skerry
