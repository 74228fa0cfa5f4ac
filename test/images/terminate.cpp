// SPDX-License-Identifier: Apache-2.0
// Waits to be told to end. With an argument it catches SIGTERM, says so and returns 3; without one
// SIGTERM does what it does to a program that does not expect it.
#include <csignal>
#include <cstdio>
#include <unistd.h>

namespace {
volatile std::sig_atomic_t was_told = 0;
}

int main(int argc, char**) {
  sigset_t only_term;
  sigemptyset(&only_term);
  sigaddset(&only_term, SIGTERM);
  sigset_t before;
  sigprocmask(SIG_BLOCK, &only_term, &before);
  if (argc > 1) {
    std::signal(SIGTERM, [](int) { was_told = 1; });
  }
  std::puts("waiting");
  std::fflush(stdout);
  while (was_told == 0) {
    sigsuspend(&before);
  }
  std::puts("told to end");
  return 3;
}
