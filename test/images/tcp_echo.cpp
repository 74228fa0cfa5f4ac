// SPDX-License-Identifier: Apache-2.0
// Sends back every byte of every connection, a thread each.
#include <cstdint>
#include <cstdio>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

bool send_all(int client, const char* data, ssize_t size) {
  while (size > 0) {
    const ssize_t sent = send(client, data, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    if (sent <= 0) {
      return false;
    }
    data += sent;
    size -= sent;
  }
  return true;
}

void echo(int client) {
  std::vector<char> buffer(65536);
  for (;;) {
    const ssize_t size = recv(client, buffer.data(), buffer.size(), 0);
    if (size <= 0 || !send_all(client, buffer.data(), size)) {
      break;
    }
  }
  close(client);
}

} // namespace

int main() {
  const int listener = socket(AF_INET6, SOCK_STREAM, 0);
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(7);
  if (bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener, 64) != 0) {
    std::perror("tcp_echo");
    return 1;
  }
  std::puts("tcp_echo: listening");
  std::fflush(stdout);
  for (;;) {
    const int client = accept(listener, nullptr, nullptr);
    if (client >= 0) {
      std::thread(echo, client).detach();
    }
  }
}
