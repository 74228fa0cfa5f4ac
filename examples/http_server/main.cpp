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
#include <iterator>
#include <list>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <new>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

namespace {

constexpr int max_events = 64;
constexpr int backlog = 128;
constexpr time_t idle_seconds = 60;

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

void watch_for(int epoll, int operation, int descriptor, std::uint32_t events, void* data) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = data;
  if (epoll_ctl(epoll, operation, descriptor, &event) != 0) {
    give_up("epoll_ctl");
  }
}

/// A connection and its place in the list of all.
struct Client {
  explicit Client(int descriptor) : connection(descriptor) {}
  Connection connection;
  std::list<Client>::iterator place;
  time_t last_active = 0;
};

time_t seconds_now() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec;
}

class Server {
public:
  Server(int epoll, int listener) : epoll_(epoll), listener_(listener) {
    watch_for(epoll_, EPOLL_CTL_ADD, listener_, EPOLLIN, nullptr);
  }

  void accept_all();
  void serve(Client& client);
  /// Ends connections on which nothing has moved for long, and takes new ones again.
  void look_round();
  /// For how many milliseconds to wait for events: for ever while there is nothing to look after.
  [[nodiscard]] int patience() const { return clients_.empty() && !resting_ ? -1 : 1000; }

private:
  bool add(int descriptor);
  void rest(bool resting);

  int epoll_;
  int listener_;
  bool resting_ = false;
  std::list<Client> clients_; // the one that was active last is the last
};

/// While there is no descriptor or memory for another client, waiting ones are left waiting.
void Server::rest(bool resting) {
  if (resting != resting_) {
    resting_ = resting;
    watch_for(epoll_, EPOLL_CTL_MOD, listener_, resting ? 0 : EPOLLIN, nullptr);
  }
}

/// False when there is no memory; the client is closed then, and only it.
bool Server::add(int descriptor) {
  try {
    clients_.emplace_back(descriptor);
  } catch (const std::bad_alloc&) {
    close(descriptor);
    return false;
  }
  Client& client = clients_.back();
  client.place = std::prev(clients_.end());
  client.last_active = seconds_now();
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = &client;
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) != 0) {
    clients_.pop_back();
    return false;
  }
  return true;
}

void Server::accept_all() {
  for (;;) {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (client < 0) {
      if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) {
        rest(true);
      }
      return; // or none is left, or this one has gone already
    }
    const int on = 1;
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (!add(client)) {
      rest(true);
      return;
    }
  }
}

void Server::serve(Client& client) {
  Connection& connection = client.connection;
  const bool wanted_to_write = connection.wants_to_write();
  if (!connection.advance()) {
    clients_.erase(client.place);
    rest(false);
    return;
  }
  client.last_active = seconds_now();
  clients_.splice(clients_.end(), clients_, client.place);
  if (connection.wants_to_write() != wanted_to_write) {
    // While an answer waits for room, room is what we wait for; else the next request.
    watch_for(epoll_, EPOLL_CTL_MOD, connection.descriptor(),
              connection.wants_to_write() ? EPOLLOUT : EPOLLIN, &client);
  }
}

void Server::look_round() {
  const time_t now = seconds_now();
  while (!clients_.empty() && now - clients_.front().last_active > idle_seconds) {
    clients_.pop_front();
  }
  rest(false);
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
  Server server(epoll, listener);
  std::printf("http_server: listening on port %d\n", port);
  std::fflush(stdout);
  time_t looked = seconds_now();
  for (;;) {
    epoll_event events[max_events];
    const int count = epoll_wait(epoll, events, max_events, server.patience());
    if (count < 0 && errno != EINTR) {
      give_up("epoll_wait");
    }
    for (int i = 0; i < count; ++i) {
      if (auto* client = static_cast<Client*>(events[i].data.ptr)) {
        server.serve(*client);
      } else {
        server.accept_all();
      }
    }
    if (const time_t now = seconds_now(); now != looked) {
      looked = now;
      server.look_round();
    }
  }
}
