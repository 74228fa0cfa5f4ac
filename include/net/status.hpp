// SPDX-License-Identifier: Apache-2.0
// What the network is at this moment, for those who ask from outside of it.
#pragma once

#include <core/result.hpp>
#include <core/units.hpp>
#include <device/net_device.hpp>
#include <kernel/statistics.hpp>
#include <net/endpoint.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace skerry::net {

struct InterfaceStatus {
  static constexpr std::size_t max_addresses = 8;
  struct Prefix {
    Address address;
    std::uint8_t bits = 0;
  };

  std::array<char, 8> name{}; ///< ends with a zero byte
  std::string_view device;
  device::MacAddress hardware_address{};
  bool link_is_up = false;
  std::uint32_t mtu = 0; ///< bytes of the largest packet
  std::array<Prefix, max_addresses> addresses{};
  std::size_t address_count = 0;
};

/// Of interface `index`, in the order of the devices. Context: thread.
/// Errors: no_such_device  there are fewer
[[nodiscard]] Result<InterfaceStatus> interface_status(std::size_t index);

/// Blocks until an interface has an address that is not link-local. Context: thread.
/// Errors: timed_out, interrupted; no_such_device  there is no interface
[[nodiscard]] Result<> wait_until_up(Instant deadline);

/// Packets, bytes and drops of each interface. Context: thread.
void visit_statistics(kernel::StatisticsVisitor& visitor);

} // namespace skerry::net
