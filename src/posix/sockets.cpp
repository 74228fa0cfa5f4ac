// SPDX-License-Identifier: Apache-2.0
// See the header.
#include "src/posix/sockets.hpp"

#include "src/posix/descriptors.hpp"
#include "src/posix/signals.hpp"

#include <sys/socket.h>

namespace skerry::posix {

Result<SocketReference> find_socket(int descriptor) {
  SocketReference found;
  found.file = TRY(find_file(descriptor));
  found.socket = found.file->as_socket();
  if (found.socket == nullptr) {
    return fail(std::errc::not_a_socket);
  }
  return found;
}

void tell_broken_pipe(fs::File& file, std::errc error) {
  const net::Socket* socket = file.as_socket();
  if (error == std::errc::broken_pipe && socket != nullptr && socket->type() == SOCK_STREAM) {
    raise_broken_pipe();
  }
}

} // namespace skerry::posix
