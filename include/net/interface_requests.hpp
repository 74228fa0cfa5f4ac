// SPDX-License-Identifier: Apache-2.0
// What ioctl asks of any socket about the interfaces of the machine (netdevice(7)).
#pragma once

#include <core/result.hpp>

#include <cstdint>

namespace skerry::net {

/// Answers SIOCGIFCONF, SIOCGIFNAME, SIOCGIFINDEX, SIOCGIFFLAGS, SIOCGIFADDR, SIOCGIFNETMASK,
/// SIOCGIFBRDADDR, SIOCGIFHWADDR and SIOCGIFMTU. Context: thread.
/// Errors: inappropriate_io_control_operation  another request
///         no_such_device; address_not_available  it has no IPv4 address; bad_address
[[nodiscard]] Result<long> interface_request(unsigned long request, std::uint64_t argument);

} // namespace skerry::net
