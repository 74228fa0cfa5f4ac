// SPDX-License-Identifier: Apache-2.0
// Sockets that share an address, each of which asked for it (SO_REUSEPORT of socket(7)).
#pragma once

#include <core/result.hpp>

namespace skerry::net {

/// Draws the secret by which peers are spread, once. Context: thread, inside a StackUse.
/// Errors: resource_unavailable_try_again  no source of randomness
[[nodiscard]] Result<> prepare_port_groups();

} // namespace skerry::net
