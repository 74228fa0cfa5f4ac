// SPDX-License-Identifier: Apache-2.0
// Sends to the address and the port that its arguments name, as the first thing that it does,
// without and with patience, and prints what comes of it.
#include <arpa/inet.h>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

const char* outcome(bool success) {
  return success ? "success" : std::strerror(errno);
}

void connect_to(const sockaddr_in& peer, int flags, const char* how) {
  const int stream = socket(AF_INET, SOCK_STREAM | flags, 0);
  const int result = connect(stream, reinterpret_cast<const sockaddr*>(&peer), sizeof peer);
  std::printf("connect %s: %s\n", how, outcome(result == 0));
  close(stream);
}

void send_to(const sockaddr_in& peer, int flags, const char* how) {
  const int datagrams = socket(AF_INET, SOCK_DGRAM, 0);
  const auto* address = reinterpret_cast<const sockaddr*>(&peer);
  const ssize_t result = sendto(datagrams, "hello", 5, flags, address, sizeof peer);
  std::printf("sendto %s: %s\n", how, outcome(result == 5));
  close(datagrams);
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    return 2;
  }
  std::setvbuf(stdout, nullptr, _IOLBF, 0); // the test waits for lines
  sockaddr_in peer{};
  peer.sin_family = AF_INET;
  peer.sin_port = htons(static_cast<in_port_t>(std::atoi(argv[2])));
  inet_pton(AF_INET, argv[1], &peer.sin_addr);
  send_to(peer, MSG_DONTWAIT, "at once");
  connect_to(peer, SOCK_NONBLOCK, "at once");
  send_to(peer, 0, "with patience");
  connect_to(peer, 0, "with patience");
}
