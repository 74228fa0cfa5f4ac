// SPDX-License-Identifier: Apache-2.0
// What <skerry/…> and the kernel say to each other: calls beside those of Linux, through the same
// doors. An image holds both sides, so this may change with any version.
#pragma once

#include <cstdint>

namespace skerry::abi {

/// Above every number of Linux' (which end below 512, those of x32 below 600).
inline constexpr std::uint64_t first_call = 4096;

enum class Call : std::uint64_t {
  statistics = first_call, ///< (Statistic* list, size_t capacity) → how many there are
  interface,               ///< (unsigned index, Interface* result) → 0; ENODEV behind the last
  wait_for_network,        ///< (uint64_t nanoseconds) → 0; ETIMEDOUT, EINTR, ENODEV
  on_panic,                ///< (void (*hook)(const char* report, size_t size)) → 0; null: none
  console_write,           ///< (const char* text, size_t size) → size; also from a panic's hook
  end,
};

struct Statistic {
  char name[56]; ///< ends with a zero byte
  std::uint64_t value;
};
static_assert(sizeof(Statistic) == 64);

struct InterfaceAddress {
  std::uint8_t is_ipv6;
  std::uint8_t prefix_bits;
  std::uint8_t bytes[16]; ///< in network order; the first four of IPv4
};

struct Interface {
  static constexpr unsigned max_addresses = 8;
  char name[16];
  char device[32];
  std::uint8_t hardware_address[6];
  std::uint8_t link_is_up;
  std::uint8_t address_count;
  std::uint32_t mtu;
  InterfaceAddress addresses[max_addresses];
};

} // namespace skerry::abi
