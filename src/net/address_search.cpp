// SPDX-License-Identifier: Apache-2.0
// Waiting for DHCP's first answer; see the header.
#include "src/net/address_search.hpp"

#include "src/net/socket_address.hpp"
#include "src/net/stack.hpp"

#include <hal/clock.hpp>

#include <algorithm>

namespace skerry::net {
namespace {

struct Search {
  netif* interface = nullptr;
  Instant end;
};

/// Immutable after boot.
constinit Search search;

bool needs_address(const Address& destination) {
  const auto address = address_for_lwip(destination, destination.family);
  return address && IP_IS_V4_VAL(*address) && !ip4_addr_isloopback(ip_2_ip4(&*address));
}

} // namespace

void begin_address_search(netif& interface) {
  search = {.interface = &interface, .end = hal::monotonic_now() + search_patience};
}

bool address_is_sought() {
  return search.interface != nullptr && netif_is_link_up(search.interface) != 0 &&
         ip4_addr_isany_val(*netif_ip4_addr(search.interface)) && hal::monotonic_now() < search.end;
}

Result<> await_address(Duration at_most, bool (*enough)()) {
  const auto has_come = [enough] {
    return !address_is_sought() || (enough != nullptr && enough());
  };
  if (has_come()) {
    return {};
  }
  const Instant deadline =
      at_most == Duration() ? search.end : std::min(search.end, hal::monotonic_now() + at_most);
  const auto outcome = address_changes().wait_until(has_come, deadline);
  if (outcome == kernel::WaitResult::interrupted) {
    return fail(std::errc::interrupted);
  }
  return {};
}

Result<> await_address_for(const Address& destination, Duration at_most) {
  return needs_address(destination) ? await_address(at_most) : Result<>{};
}

} // namespace skerry::net
