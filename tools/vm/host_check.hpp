// SPDX-License-Identifier: Apache-2.0
// Is the host ready for a machine? Asked before QEMU starts, whose own words are hard to read.
#pragma once

#include "vm/machine.hpp"

namespace skerry::vm {

/// Throws Failure that names the first forwarded port that is taken or may not be used, or the tap
/// device that does not exist. Somebody may still take a port before QEMU does.
void check_network(const Network& network);

} // namespace skerry::vm
