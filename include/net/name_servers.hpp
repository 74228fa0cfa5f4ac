// SPDX-License-Identifier: Apache-2.0
// The name servers that the network knows, for the C library's resolver.
#pragma once

#include <span>
#include <string_view>

namespace skerry::net {

/// Writes the text of resolv.conf(5) for the servers that are known now, from kernel arguments,
/// DHCP and router advertisements, and returns it. In the first seconds it waits until there
/// is one. Context: thread.
[[nodiscard]] std::string_view resolver_configuration(std::span<char> buffer);

} // namespace skerry::net
