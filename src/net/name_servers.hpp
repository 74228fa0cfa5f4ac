// SPDX-License-Identifier: Apache-2.0
// Addresses of name servers, from wherever they come. The C library's resolver reads them from
// /etc/resolv.conf.
#pragma once

#include "src/net/lwip.hpp"

namespace skerry::net {

/// Adds one that does not change. Inside a StackUse.
void add_name_server(const ip_addr_t& address);

/// Forgets those of the last DHCP lease: another tells its own. Inside a StackUse.
void forget_name_servers_of_dhcp();

} // namespace skerry::net
