// SPDX-License-Identifier: Apache-2.0
// The end of all connections, on the way to the end of the run.
#pragma once

namespace skerry::net {

/// Closes every TCP socket, as the end of a process does, and waits until peers have acknowledged
/// all that was sent; a second at most, in which nobody else runs. Context: thread.
void end_connections();

} // namespace skerry::net
