// SPDX-License-Identifier: Apache-2.0
// What interfaces are called and what they can do, in Linux' terms.
// The loopback interface is "lo". Context of all: thread, inside a StackUse.
#pragma once

#include "src/net/lwip.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace skerry::net {

using InterfaceName = std::array<char, 8>; ///< ends with a zero byte

[[nodiscard]] bool is_loopback(const netif& interface);
[[nodiscard]] InterfaceName name_of(const netif& interface);
/// IFF_UP and its kin.
[[nodiscard]] unsigned flags_of(const netif& interface);
/// Bytes of the largest packet. The loopback interface takes all that IPv4 can express.
[[nodiscard]] unsigned mtu_of(const netif& interface);
/// ARPHRD_ETHER or ARPHRD_LOOPBACK.
[[nodiscard]] std::uint16_t hardware_type(const netif& interface);
/// Null when none has that name.
[[nodiscard]] netif* find_interface(std::string_view name);
/// Null when none has that IPv4 address.
[[nodiscard]] netif* find_interface(ip4_addr_t address);

} // namespace skerry::net
