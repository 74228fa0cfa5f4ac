// SPDX-License-Identifier: Apache-2.0
// Sends every datagram back to where it came from, over IPv6 and IPv4.
#include <arpa/inet.h>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>

namespace {

int open_socket(std::uint16_t port) {
  const int descriptor = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(port);
  if (descriptor < 0 ||
      bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    std::fprintf(stderr, "udp_echo: port %u: %s\n", unsigned{port}, std::strerror(errno));
    std::exit(1);
  }
  return descriptor;
}

} // namespace

int main(int argc, char** argv) {
  const int port = argc > 1 ? std::atoi(argv[1]) : 7;
  if (port < 1 || port > 65535) {
    std::fprintf(stderr, "udp_echo: \"%s\" is no port; expected 1 to 65535\n", argv[1]);
    return 2;
  }
  const int descriptor = open_socket(static_cast<std::uint16_t>(port));
  std::printf("udp_echo: listening on port %d\n", port);
  std::fflush(stdout);
  for (;;) {
    static char data[65536];
    sockaddr_in6 from{};
    socklen_t from_size = sizeof from;
    auto* peer = reinterpret_cast<sockaddr*>(&from);
    const ssize_t size = recvfrom(descriptor, data, sizeof data, 0, peer, &from_size);
    if (size >= 0) {
      sendto(descriptor, data, static_cast<std::size_t>(size), 0, peer, from_size);
    }
  }
}
