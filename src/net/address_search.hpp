// SPDX-License-Identifier: Apache-2.0
// The first moments with DHCP, when the program runs already and has no address yet. Linux refuses
// to connect then (ENETUNREACH); but there nothing starts before the network is up, as a library OS
// does. So who may block waits, for as long as it is likely that a server answers; who may not is
// refused, as on Linux; and after that time everybody is.
#pragma once

#include "src/net/lwip.hpp"

#include <core/result.hpp>
#include <core/units.hpp>
#include <net/endpoint.hpp>

namespace skerry::net {

/// How long from its start on the search is waited for: three questions of the client, which come
/// after 0, 2 and 6 seconds.
inline constexpr Duration search_patience = Duration::seconds(10);

/// The search for an IPv4 address of `interface` begins. Inside a StackUse.
void begin_address_search(netif& interface);

/// Whether an address is still waited for.
[[nodiscard]] bool address_is_sought();

/// Waits until no address is sought, or for `at_most`; a Duration() is no limit. Who wants
/// something that comes with an address of either family says by `enough` whether it has come.
/// Context: thread, not inside a StackUse. Errors: interrupted
[[nodiscard]] Result<> await_address(Duration at_most = {}, bool (*enough)() = nullptr);

/// The same for who is about to send to `destination`, which may be one that needs no address.
/// Errors: interrupted
[[nodiscard]] Result<> await_address_for(const Address& destination, Duration at_most);

} // namespace skerry::net
