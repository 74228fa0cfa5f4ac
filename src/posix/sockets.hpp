// SPDX-License-Identifier: Apache-2.0
// A descriptor as a socket.
#pragma once

#include <core/result.hpp>
#include <fs/file.hpp>
#include <net/socket.hpp>

namespace skerry::posix {

/// The socket and what keeps it.
struct SocketReference {
  fs::FileReference file;
  net::Socket* socket = nullptr;
};

/// The socket behind `descriptor`.
/// Errors: bad_file_descriptor, not_a_socket
[[nodiscard]] Result<SocketReference> find_socket(int descriptor);

/// What `error` of a write to `file` means beside itself: SIGPIPE for the running thread, where a
/// stream socket has nobody who reads. Pipes send it themselves.
void tell_broken_pipe(fs::File& file, std::errc error);

} // namespace skerry::posix
