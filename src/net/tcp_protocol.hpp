// SPDX-License-Identifier: Apache-2.0
// How the stack reaches TCP: only when the first TCP socket is made, so that an image in which
// nothing makes one need not hold the protocol.
#pragma once

#include <cstdint>

namespace skerry::net {

/// From now on TCP answers what arrives; before that every port is closed. Context: thread, with a
/// StackUse.
void use_tcp();

/// What became of SYNs for which a listener's backlog had no place.
struct BacklogDrops {
  std::uint64_t backlog_full = 0; ///< dropped: as many connections as allowed wait for accept()
  std::uint64_t half_open = 0;    ///< took the place of the oldest half-open connection
};

/// Since boot. Context: thread, with a StackUse.
[[nodiscard]] const BacklogDrops& backlog_drops();

} // namespace skerry::net
