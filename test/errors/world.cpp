// SPDX-License-Identifier: Apache-2.0
// What the arguments refer to; see the header.
#include "arguments.hpp"

#include <climits>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include <utility>

namespace errors {
namespace {

void require(bool good, const char* what) {
  if (!good) {
    std::perror(what);
    std::exit(2);
  }
}

int descriptor(int number, const char* what) {
  require(number >= 0 && number < World::first_free, what);
  return number;
}

void write_file(const char* name, const char* text) {
  const int file = open(name, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644);
  require(file >= 0 && write(file, text, std::strlen(text)) >= 0, name);
  close(file);
}

/// Moves a descriptor to the place of another.
void replace(int place, int fresh) {
  require(dup2(fresh, place) == place, "dup2");
  close(fresh);
}

int make_listener() {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  sockaddr_in any{};
  any.sin_family = AF_INET;
  any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  require(bind(listener, reinterpret_cast<sockaddr*>(&any), sizeof any) == 0, "bind");
  require(listen(listener, 4) == 0, "listen");
  return listener;
}

long address(const void* pointer) {
  return reinterpret_cast<long>(pointer);
}

} // namespace

World::World(const char* where) : folder(where) {
  require(mkdir(where, 0755) == 0 || errno == EEXIST, where);
  require(chdir(where) == 0, where);
  write_file("file", "The quick brown fox jumps over the lazy dog.\n");
  file = descriptor(open("file", O_RDWR | O_NONBLOCK), "file");
  copy = descriptor(open("copy", O_RDWR | O_CREAT, 0644), "copy");
  directory = descriptor(open(where, O_RDONLY | O_DIRECTORY), "directory");
  int ends[2]{};
  require(pipe2(ends, O_NONBLOCK) == 0, "pipe2");
  pipe_read = descriptor(ends[0], "pipe");
  pipe_write = descriptor(ends[1], "pipe");
  epoll = descriptor(epoll_create1(0), "epoll");
  event = descriptor(eventfd(0, EFD_NONBLOCK), "eventfd");
  timer = descriptor(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK), "timerfd");
  for (int* number : {&tcp, &udp, &listener, &local, &peer})
    *number = descriptor(dup(event), "dup"); // restore() puts sockets there
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  signals = descriptor(signalfd(-1, &set, SFD_NONBLOCK), "signalfd");
  memory = descriptor(memfd_create("memory", 0), "memfd");

  const long page_bytes = 4096;
  char* area = static_cast<char*>(
      mmap(nullptr, 4 * page_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  require(area != MAP_FAILED, "mmap");
  require(mprotect(area + page_bytes, page_bytes, PROT_NONE) == 0, "mprotect");
  buffer = area;
  page = area + 2 * page_bytes;
  std::memset(area + 3 * page_bytes, 'a', page_bytes);
  require(mprotect(area + 3 * page_bytes, page_bytes, PROT_READ) == 0, "mprotect");

  descriptors = {{"-1", -1},
                 {"closed", 900},
                 {"least", INT_MIN},
                 {"file", file},
                 {"directory", directory},
                 {"pipe_read", pipe_read},
                 {"pipe_write", pipe_write},
                 {"epoll", epoll},
                 {"event", event},
                 {"timer", timer},
                 {"tcp", tcp},
                 {"udp", udp},
                 {"listener", listener},
                 {"local", local},
                 {"signals", signals},
                 {"memory", memory}};
  pointers = {{"null", 0},
              {"one", 1},
              {"guard", address(area + page_bytes)},
              {"upper", static_cast<long>(0xffff800000001000)},
              {"nowhere", 0x7000000000000000}};
  wild_pointers.assign(pointers.begin() + 1, pointers.end());
  sizes = {{"zero", 0}, {"-1", -1}, {"2^31", 1L << 31}, {"2^62", 1L << 62}};
  numbers = {{"-1", -1}, {"99", 99}, {"2^30", 1L << 30}, {"least", INT_MIN}};
  static const std::string long_path(5000, 'p');
  static const std::string long_name = where + std::string("/") + std::string(300, 'n');
  paths = {{"null", 0},
           {"one", 1},
           {"empty", address("")},
           {"missing", address("none/at/all")},
           {"through_file", address("file/x")},
           {"long_path", address(long_path.c_str())},
           {"long_name", address(long_name.c_str())},
           {"loop", address("loop")},
           {"directory", address("folder")},
           {"link", address("link")},
           {"dot", address(".")}};
}

void World::restore() {
  syscall(SYS_close_range, first_free, ~0U, 0);
  (void)chdir(folder.c_str());
  umask(022);
  for (const char* name : {"new", "new/x", "other", "moved"})
    unlink(name);
  rmdir("new");
  rmdir("moved");
  rmdir("folder");
  mkdir("folder", 0755);
  write_file("file", "The quick brown fox jumps over the lazy dog.\n");
  chmod("file", 0644);
  unlink("link");
  (void)symlink("file", "link");
  unlink("loop");
  (void)symlink("loop", "loop");
  lseek(file, 0, SEEK_SET);
  lseek(directory, 0, SEEK_SET);
  replace(epoll, epoll_create1(0)); // watches nothing
  replace(tcp, socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
  replace(udp, socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0));
  replace(listener, make_listener());
  int ends[2]{};
  require(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0, "socketpair");
  replace(local, ends[0]);
  replace(peer, ends[1]);
  std::memset(buffer, 0, buffer_bytes);
  for (const auto& [at, protection] :
       {std::pair(page, PROT_READ | PROT_WRITE), std::pair(buffer + buffer_bytes, PROT_NONE)})
    require(mmap(at, 4096, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == at,
            "mmap");
}

} // namespace errors
