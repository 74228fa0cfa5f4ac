// SPDX-License-Identifier: Apache-2.0
// Addresses of name servers, from wherever they come. The C library's resolver reads them from
// /etc/resolv.conf.
#pragma once

#include "src/net/lwip.hpp"

#include <span>
#include <string_view>

namespace skerry::net {

/// Adds one that does not change. Inside a StackUse.
void add_name_server(const ip_addr_t& address);

/// Writes the text of resolv.conf(5) for all that are known and returns it.
[[nodiscard]] std::string_view resolver_configuration(std::span<char> buffer);

/// Counts changes, so that who keeps a copy knows when it is old.
[[nodiscard]] unsigned name_server_generation();

} // namespace skerry::net
