// SPDX-License-Identifier: Apache-2.0
// How the stack reaches TCP: only when the first TCP socket is made, so that an image in which
// nothing makes one need not hold the protocol.
#pragma once

namespace skerry::net {

/// From now on TCP answers what arrives; before that every port is closed. Context: thread, with a
/// StackUse.
void use_tcp();

} // namespace skerry::net
