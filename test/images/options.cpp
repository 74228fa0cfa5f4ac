// SPDX-License-Identifier: Apache-2.0
// Tells its arguments and its environment, one in a line.
#include <cstdio>
#include <unistd.h>

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    std::printf("argument [%s]\n", argv[i]);
  }
  for (char** variable = environ; *variable != nullptr; ++variable) {
    std::printf("variable [%s]\n", *variable);
  }
}
