// SPDX-License-Identifier: Apache-2.0
// Which name leads to which end.
#pragma once

#include "src/posix/local/end.hpp"

namespace skerry::posix::local {

/// Gives `end`, which has no name, one that leads to it until it is closed.
/// Errors: address_in_use; those of make_socket_node(); invalid_argument  it has a name
[[nodiscard]] Result<> bind(End& end, const NameText& text);

/// Gives it an abstract name that nobody else has, unless it has one.
/// Errors: no_space_on_device  all are taken; not_enough_memory
[[nodiscard]] Result<> bind_somewhere(End& end);

/// The end that `text` leads to.
/// Errors: connection_refused  there is none, or no socket is bound there
///         wrong_protocol_type; those of find_socket_node()
[[nodiscard]] Result<EndReference> find(const NameText& text, int type);

} // namespace skerry::posix::local
