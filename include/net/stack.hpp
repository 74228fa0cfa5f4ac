// SPDX-License-Identifier: Apache-2.0
// The network as the boot page sees it.
#pragma once

#include <core/result.hpp>

namespace skerry::net {

/// Starts the stack on every network device and configures it as the kernel arguments say; waits a
/// moment for an address where it comes from a server. A machine without a device, or without
/// randomness, has no network, which the log says. Context: boot, after devices and randomness.
/// Errors: not_enough_memory
[[nodiscard]] Result<> start_network();

} // namespace skerry::net
