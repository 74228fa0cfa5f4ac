// SPDX-License-Identifier: Apache-2.0
// Tells its memory, its arguments and its environment, one in a line.
#include <cstdio>
#include <unistd.h>

int main(int argc, char** argv) {
  std::printf("memory %ld MiB\n", sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE) >> 20);
  for (int i = 1; i < argc; ++i) {
    std::printf("argument [%s]\n", argv[i]);
  }
  for (char** variable = environ; *variable != nullptr; ++variable) {
    std::printf("variable [%s]\n", *variable);
  }
}
