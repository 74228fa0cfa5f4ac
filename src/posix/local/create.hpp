// SPDX-License-Identifier: Apache-2.0
// Local sockets (unix(7)): what socket(2) and socketpair(2) make for AF_UNIX.
#pragma once

#include <core/result.hpp>
#include <fs/file.hpp>

#include <utility>

namespace skerry::posix::local {

/// Errors: protocol_not_supported
///         socket_type_not_supported (ESOCKTNOSUPPORT, which has no name in std::errc)
///         not_enough_memory
[[nodiscard]] Result<fs::FileReference> create_socket(int type, int protocol);

/// Two that are connected. Errors as above.
[[nodiscard]] Result<std::pair<fs::FileReference, fs::FileReference>> create_pair(int type,
                                                                                  int protocol);

} // namespace skerry::posix::local
