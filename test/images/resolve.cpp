// SPDX-License-Identifier: Apache-2.0
// Looks up each argument as a host name and prints
// its addresses.
#include <arpa/inet.h>
#include <cstdio>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

int main(int argc, char** argv) {
  int failures = 0;
  for (int i = 1; i < argc; ++i) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int error = getaddrinfo(argv[i], nullptr, &hints, &found); error != 0) {
      std::printf("%s: %s\n", argv[i], gai_strerror(error));
      ++failures;
      continue;
    }
    for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
      char text[INET6_ADDRSTRLEN] = {};
      const void* address =
          each->ai_family == AF_INET
              ? static_cast<const void*>(&reinterpret_cast<sockaddr_in*>(each->ai_addr)->sin_addr)
              : &reinterpret_cast<sockaddr_in6*>(each->ai_addr)->sin6_addr;
      std::printf("%s is %s\n", argv[i], inet_ntop(each->ai_family, address, text, sizeof text));
    }
    freeaddrinfo(found);
  }
  return failures;
}
