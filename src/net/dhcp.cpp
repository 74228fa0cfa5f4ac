// SPDX-License-Identifier: Apache-2.0
// The hooks of lwIP's DHCP client. Options are kept until it is clear whether they belong to the
// lease: those of an offer that is not taken mean nothing.
#include "src/net/dhcp.hpp"

#include "src/net/interface.hpp"
#include "src/net/name_servers.hpp"

#include <core/log.hpp>

#include <algorithm>

namespace skerry::net {
namespace {

constexpr std::uint8_t option_mtu = 26;               // RFC 2132, 5.1
constexpr std::uint8_t option_wanted = 55;            // RFC 2132, 9.8
constexpr std::uint8_t option_classless_routes = 121; // RFC 3442
constexpr std::uint32_t least_mtu = 576;              // what every host must take (RFC 791, 3.1)
constexpr std::uint16_t least_ipv6_mtu = 1280;        // RFC 8200, 5

/// Belongs to the CPU of the stack.
constinit DhcpOptions reply;

void set_mtu(Interface& interface) {
  netif& lwip = interface.lwip();
  lwip.mtu = reply.mtu(interface.device().mtu());
  // The link is the same for both; what a router has advertised may be less still.
  lwip.mtu6 = std::min(lwip.mtu6, std::max(lwip.mtu, least_ipv6_mtu));
}

/// RFC 3442: where option 121 comes, the option for a router says nothing.
void set_routes(Routes& routes, dhcp& lease) {
  routes.clear();
  if (reply.routes().empty()) {
    return;
  }
  if (!routes.parse(reply.routes())) {
    log::warning("net", "DHCP: an option 121 that is malformed was ignored");
    return;
  }
  lease.offered_gw_addr.addr = routes.default_gateway().value_or(0);
}

} // namespace

void ask_for_routes_first(std::span<std::uint8_t> options) {
  while (options.size() > 1 && options.size() >= 2U + options[1]) {
    const auto value = options.subspan(2, options[1]);
    if (options[0] == option_wanted) {
      const auto routes = std::ranges::find(value, option_classless_routes);
      if (routes != value.end()) {
        std::rotate(value.begin(), routes, routes + 1);
      }
      return;
    }
    options = options.subspan(2 + value.size());
  }
}

void DhcpOptions::clear() {
  mtu_ = 0;
  size_ = 0;
}

void DhcpOptions::add(std::uint8_t option, std::span<const std::uint8_t> bytes) {
  if (option == option_mtu && bytes.size() == 2) {
    mtu_ = static_cast<std::uint16_t>((bytes[0] << 8U) | bytes[1]);
  } else if (option == option_classless_routes) {
    const auto fitting = bytes.first(std::min(bytes.size(), routes_.size() - size_));
    std::ranges::copy(fitting, routes_.begin() + size_);
    size_ += fitting.size();
  }
}

std::uint16_t DhcpOptions::mtu(std::uint32_t of_device) const {
  const std::uint32_t wanted = mtu_ == 0 ? of_device : std::max<std::uint32_t>(mtu_, least_mtu);
  return static_cast<std::uint16_t>(std::min(wanted, of_device));
}

} // namespace skerry::net

using namespace skerry;

extern "C" {

void skerry_net_dhcp_request(u8_t* options, u16_t size) {
  net::ask_for_routes_first({options, size});
}

void skerry_net_dhcp_reply() {
  net::reply.clear();
}

void skerry_net_dhcp_option(u8_t option, u8_t length, const pbuf* packet, u16_t offset) {
  std::array<std::uint8_t, 255> bytes;
  if (pbuf_copy_partial(packet, bytes.data(), length, offset) == length) {
    net::reply.add(option, std::span(bytes).first(length));
  }
}

void skerry_net_dhcp_lease(netif* lwip, dhcp* lease) {
  net::Interface& interface = net::Interface::of(*lwip);
  net::set_mtu(interface);
  net::set_routes(interface.routes(), *lease);
  net::forget_name_servers_of_dhcp();
  // lwIP sets the times of a lease that ends; those of the one before must not end one that does
  // not.
  lease->t0_timeout = 0;
  lease->t1_renew_time = 0;
  lease->t2_rebind_time = 0;
}

} // extern "C"
