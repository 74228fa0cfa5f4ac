// SPDX-License-Identifier: Apache-2.0
// A small HTTP/1.1 server: one thread, epoll, sockets, and nothing that a Linux program would not
// use. It answers every path with a page about itself. Copy it and change serve_page().
#include "connection.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

constexpr int max_events = 64;
constexpr int backlog = 128;

[[noreturn]] void give_up(const char* what) {
  std::fprintf(stderr, "http_server: %s: %s\n", what, std::strerror(errno));
  std::exit(1);
}

int open_listener(std::uint16_t port) {
  const int listener = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (listener < 0) {
    give_up("socket");
  }
  const int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in6 address{}; // any address, of IPv6 and of IPv4
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(port);
  if (bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    give_up("bind");
  }
  if (listen(listener, backlog) != 0) {
    give_up("listen");
  }
  return listener;
}

void watch(int epoll, int descriptor, void* data) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = data;
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) != 0) {
    give_up("epoll_ctl");
  }
}

void accept_all(int epoll, int listener) {
  for (;;) {
    const int client = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (client < 0) {
      return; // none is left, or this one has gone already
    }
    const int on = 1;
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    auto* connection = new (std::nothrow) Connection(client);
    if (connection == nullptr) {
      close(client);
      return;
    }
    watch(epoll, client, connection);
  }
}

/// While an answer waits for room, room is what we wait for; else the next request.
void watch_direction(int epoll, Connection& connection) {
  epoll_event event{};
  event.events = connection.wants_to_write() ? EPOLLOUT : EPOLLIN;
  event.data.ptr = &connection;
  epoll_ctl(epoll, EPOLL_CTL_MOD, connection.descriptor(), &event);
}

} // namespace

int main(int argc, char** argv) {
  const int port = argc > 1 ? std::atoi(argv[1]) : 80;
  if (port < 1 || port > 65535) {
    std::fprintf(stderr, "http_server: \"%s\" is no port; expected 1 to 65535\n", argv[1]);
    return 2;
  }
  const int listener = open_listener(static_cast<std::uint16_t>(port));
  const int epoll = epoll_create1(EPOLL_CLOEXEC);
  if (epoll < 0) {
    give_up("epoll_create1");
  }
  watch(epoll, listener, nullptr);
  std::printf("http_server: listening on port %d\n", port);
  std::fflush(stdout);
  for (;;) {
    epoll_event events[max_events];
    const int count = epoll_wait(epoll, events, max_events, -1);
    if (count < 0 && errno != EINTR) {
      give_up("epoll_wait");
    }
    for (int i = 0; i < count; ++i) {
      auto* connection = static_cast<Connection*>(events[i].data.ptr);
      if (connection == nullptr) {
        accept_all(epoll, listener);
        continue;
      }
      const bool wanted_to_write = connection->wants_to_write();
      if (!connection->advance()) {
        delete connection;
      } else if (connection->wants_to_write() != wanted_to_write) {
        watch_direction(epoll, *connection);
      }
    }
  }
}
