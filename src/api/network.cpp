// SPDX-License-Identifier: Apache-2.0
// <skerry/network.hpp>
#include "src/api/call.hpp"

#include <skerry/network.hpp>

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <format>

namespace skerry {
namespace {

InterfaceAddress to_public(const abi::InterfaceAddress& address) {
  InterfaceAddress result{.is_ipv6 = address.is_ipv6 != 0, .prefix_bits = address.prefix_bits};
  std::ranges::copy(address.bytes, result.bytes.begin());
  return result;
}

Interface to_public(const abi::Interface& interface) {
  Interface result{.name = interface.name,
                   .device = interface.device,
                   .link_is_up = interface.link_is_up != 0,
                   .mtu = interface.mtu};
  std::ranges::copy(interface.hardware_address, result.hardware_address.begin());
  for (unsigned i = 0; i < interface.address_count; ++i)
    result.addresses.push_back(to_public(interface.addresses[i]));
  return result;
}

} // namespace

std::string InterfaceAddress::text() const {
  char buffer[INET6_ADDRSTRLEN]{};
  const char* text = ::inet_ntop(is_ipv6 ? AF_INET6 : AF_INET, bytes.data(), buffer, sizeof buffer);
  return std::format("{}/{}", text, prefix_bits);
}

std::vector<Interface> interfaces() {
  std::vector<Interface> result;
  abi::Interface interface{};
  for (unsigned i = 0; abi::call<abi::Call::interface>(i, &interface) == 0; ++i)
    result.push_back(to_public(interface));
  return result;
}

bool wait_until_up(std::chrono::nanoseconds patience) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + std::max(patience, std::chrono::nanoseconds(0));
  for (;;) {
    const auto left = std::max(deadline - Clock::now(), Clock::duration(0));
    if (abi::call<abi::Call::wait_for_network>(static_cast<std::uint64_t>(left.count())) == 0)
      return true;
    if (errno != EINTR)
      return false;
  }
}

} // namespace skerry
