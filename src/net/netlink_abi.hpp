// SPDX-License-Identifier: Apache-2.0
// Messages of netlink(7) and rtnetlink(7): Linux' linux/netlink.h, rtnetlink.h, if_link.h and
// if_addr.h, as far as they are used here.
#pragma once

#include <cstdint>

namespace skerry::net::netlink {

struct SocketName { ///< sockaddr_nl
  std::uint16_t family = 0;
  std::uint16_t padding = 0;
  std::uint32_t port = 0;
  std::uint32_t groups = 0;
};
static_assert(sizeof(SocketName) == 12);

struct Header { ///< nlmsghdr
  std::uint32_t size_bytes = 0;
  std::uint16_t type = 0;
  std::uint16_t flags = 0;
  std::uint32_t sequence = 0;
  std::uint32_t port = 0;
};
static_assert(sizeof(Header) == 16);

struct LinkInfo { ///< ifinfomsg
  std::uint8_t family = 0;
  std::uint8_t padding = 0;
  std::uint16_t hardware_type = 0;
  std::int32_t index = 0;
  std::uint32_t flags = 0;
  std::uint32_t changed = 0;
};
static_assert(sizeof(LinkInfo) == 16);

struct AddressInfo { ///< ifaddrmsg
  std::uint8_t family = 0;
  std::uint8_t bits = 0;
  std::uint8_t flags = 0;
  std::uint8_t scope = 0;
  std::uint32_t index = 0;
};
static_assert(sizeof(AddressInfo) == 8);

inline constexpr int protocol_route = 0;

// Types of messages.
inline constexpr std::uint16_t first_request = 16; // those before are of netlink itself
inline constexpr std::uint16_t error_message = 2;
inline constexpr std::uint16_t done = 3;
inline constexpr std::uint16_t new_link = 16;
inline constexpr std::uint16_t get_link = 18;
inline constexpr std::uint16_t new_address = 20;
inline constexpr std::uint16_t get_address = 22;

// Flags.
inline constexpr std::uint16_t request = 1;
inline constexpr std::uint16_t multi = 2;
inline constexpr std::uint16_t acknowledge = 4;
inline constexpr std::uint16_t dump = 0x300;

// Attributes of links and of addresses.
inline constexpr std::uint16_t link_address = 1;
inline constexpr std::uint16_t link_broadcast = 2;
inline constexpr std::uint16_t link_name = 3;
inline constexpr std::uint16_t link_mtu = 4;
inline constexpr std::uint16_t prefix_address = 1;
inline constexpr std::uint16_t prefix_local = 2;
inline constexpr std::uint16_t prefix_label = 3;
inline constexpr std::uint16_t prefix_broadcast = 4;

// Scopes of addresses.
inline constexpr std::uint8_t scope_universe = 0;
inline constexpr std::uint8_t scope_link = 253;
inline constexpr std::uint8_t scope_host = 254;

} // namespace skerry::net::netlink
