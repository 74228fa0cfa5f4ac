// SPDX-License-Identifier: Apache-2.0
// Messages that a port cannot be reached, and who wants to know. Sockets say so when the first is
// made, so that an image without UDP sockets need not hold them.
#pragma once

#include "src/net/lwip.hpp"

namespace skerry::net {

/// Gets the connected PCB whose datagram came to a closed port, inside a StackUse.
using RefusalHandler = void (*)(udp_pcb& pcb);

/// From now on `handler` is told. One at a time. Context: thread, inside a StackUse.
void tell_of_refusals(RefusalHandler handler);

} // namespace skerry::net
