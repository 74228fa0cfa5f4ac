// SPDX-License-Identifier: Apache-2.0
// Reads standard input in the way that the first argument names, and tells what came.
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <string_view>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

namespace {

/// One read, as "[text]" with its line end written out, "end", or the name of the error.
bool tell_one_read() {
  char text[200];
  const ssize_t size = read(STDIN_FILENO, text, sizeof text);
  if (size < 0) {
    std::printf("read: %s\n", std::strerror(errno));
    return false;
  }
  if (size == 0) {
    std::printf("end\n");
    return false;
  }
  const bool whole = text[size - 1] == '\n';
  std::printf("[%.*s]%s\n", static_cast<int>(size - (whole ? 1 : 0)), text, whole ? "" : " open");
  return true;
}

int lines() {
  std::printf("reading\n");
  while (tell_one_read()) {
  }
  return 0;
}

/// Bytes and a sum (FNV-1a) of all that comes.
int sum() {
  std::printf("reading\n");
  std::uint64_t count = 0;
  std::uint32_t value = 2166136261U;
  char text[1000];
  for (ssize_t size = 0; (size = read(STDIN_FILENO, text, sizeof text)) > 0;) {
    for (ssize_t i = 0; i < size; ++i) {
      value = (value ^ static_cast<unsigned char>(text[i])) * 16777619U;
    }
    count += static_cast<std::uint64_t>(size);
  }
  std::printf("%llu bytes, sum %08x\n", static_cast<unsigned long long>(count), value);
  return 0;
}

/// A line each by poll, select and epoll, none of which is ready before it was typed.
int ready() {
  pollfd both[] = {{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0},
                   {.fd = STDOUT_FILENO, .events = POLLIN | POLLOUT, .revents = 0}};
  std::printf("poll without input: %d, output %#x\n", poll(both, 2, 0), both[1].revents);
  fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
  tell_one_read();
  std::printf("flags of the output: %#x\n", fcntl(STDOUT_FILENO, F_GETFL));

  std::printf("poll waits\n");
  std::printf("poll: %d %#x\n", poll(both, 1, -1), both[0].revents);
  tell_one_read();

  std::printf("select waits\n");
  fd_set set;
  FD_ZERO(&set);
  FD_SET(STDIN_FILENO, &set);
  std::printf("select: %d\n", select(1, &set, nullptr, nullptr, nullptr));
  tell_one_read();

  const int epoll = epoll_create1(0);
  epoll_event event{.events = EPOLLIN | EPOLLET, .data = {.fd = STDIN_FILENO}};
  epoll_ctl(epoll, EPOLL_CTL_ADD, STDIN_FILENO, &event);
  std::printf("epoll waits\n");
  std::printf("epoll: %d %#x\n", epoll_wait(epoll, &event, 1, -1), event.events);
  tell_one_read();
  tell_one_read();
  return 0;
}

/// A signal ends a read for which nothing is typed; with SA_RESTART it does not.
int interrupted() {
  struct sigaction action{};
  action.sa_handler = [](int) { (void)!write(STDOUT_FILENO, "signal\n", 7); };
  sigaction(SIGALRM, &action, nullptr);
  const itimerval soon{.it_interval = {}, .it_value = {.tv_sec = 0, .tv_usec = 50'000}};
  setitimer(ITIMER_REAL, &soon, nullptr);
  tell_one_read();
  action.sa_flags = SA_RESTART;
  sigaction(SIGALRM, &action, nullptr);
  setitimer(ITIMER_REAL, &soon, nullptr);
  tell_one_read();
  return 0;
}

/// A line of the log while a line of ours has not ended.
int half() {
  (void)!write(STDOUT_FILENO, "half", 4);
  syscall(SYS_io_uring_setup, 0, nullptr);
  (void)!write(STDOUT_FILENO, "rest\n", 5);
  (void)!write(STDOUT_FILENO, "half", 4);
  __builtin_trap();
}

} // namespace

int main(int argc, char** argv) {
  // What is told is told at once.
  setvbuf(stdout, nullptr, _IONBF, 0);
  const std::string_view way = argc > 1 ? argv[1] : "";
  if (way == "lines") {
    return lines();
  }
  if (way == "sum") {
    return sum();
  }
  if (way == "ready") {
    return ready();
  }
  if (way == "interrupted") {
    return interrupted();
  }
  return way == "half" ? half() : 2;
}
