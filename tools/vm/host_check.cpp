// SPDX-License-Identifier: Apache-2.0
// Is the host ready for a machine? See the header.
#include "vm/host_check.hpp"

#include "support/failure.hpp"
#include "support/file_descriptor.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <netinet/in.h>
#include <sys/socket.h>

namespace skerry::vm {
namespace {

/// Holds the port as QEMU would, so that the same port asked for twice is noticed too.
FileDescriptor take_port(const PortForward& forward) {
  const int type = forward.protocol == Protocol::udp ? SOCK_DGRAM : SOCK_STREAM;
  FileDescriptor socket(::socket(AF_INET, type | SOCK_CLOEXEC, 0));
  const int on = 1;
  if (type == SOCK_STREAM) // connections of before that linger do no harm
    ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(forward.host);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool bound =
      ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  if (!bound || (type == SOCK_STREAM && ::listen(socket.get(), 1) != 0)) {
    if (errno == EADDRINUSE)
      throw Failure("{} port {} is taken on this host; choose another, such as --port {}:{}",
                    name(forward.protocol), forward.host, forward.host % 50000 + 10000,
                    forward.guest);
    throw Failure("{} port {}: {}", name(forward.protocol), forward.host, std::strerror(errno));
  }
  return socket;
}

} // namespace

void check_network(const Network& network) {
  if (const auto* user = std::get_if<UserNetwork>(&network)) {
    std::vector<FileDescriptor> taken;
    taken.reserve(user->forwards.size());
    for (const PortForward& forward : user->forwards)
      taken.push_back(take_port(forward));
  }
  if (const auto* tap = std::get_if<TapNetwork>(&network)) {
    if (!std::filesystem::exists(std::filesystem::path("/sys/class/net") / tap->interface))
      throw Failure("--net tap:{}: there is no such network device on this host", tap->interface);
  }
}

} // namespace skerry::vm
