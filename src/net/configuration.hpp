// SPDX-License-Identifier: Apache-2.0
// How interfaces get addresses: what the kernel arguments `ip=` ask for, and doing it.
#pragma once

#include "src/net/address_text.hpp"

#include <core/result.hpp>
#include <net/endpoint.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace skerry::net {

/// `ip=10.0.0.2/24[,GATEWAY[,DNS]]`, the same for IPv6.
struct StaticAddress {
  Prefix prefix;
  std::optional<Address> gateway;
  std::optional<Address> name_server;
};

/// What all `ip=` arguments ask for together.
struct Configuration {
  /// Without any argument addresses come from DHCP and from router advertisements.
  bool dhcp = true;
  bool autoconfigure = true;
  std::optional<StaticAddress> ipv4;
  std::optional<StaticAddress> ipv6;
};

/// Reads the value of one `ip=` argument into `result`. Returns false when it is none of
/// `dhcp`, `none` or an address as above, or when the family has one already.
[[nodiscard]] bool parse_configuration(std::string_view value, Configuration& result);

/// How many bits of an IPv6 address of ours are the network's.
[[nodiscard]] unsigned ipv6_prefix_bits(const Address& address);

class Interface;

/// Starts to configure `interface`; inside a StackUse.
/// Errors: not_enough_memory
[[nodiscard]] Result<> configure(Interface& interface, const Configuration& configuration);

} // namespace skerry::net
