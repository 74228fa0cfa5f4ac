// SPDX-License-Identifier: Apache-2.0
// The smallest service: says hello to each of its arguments and ends.
#include <cstdio>

int main(int argc, char** argv) {
  if (argc < 2) {
    std::printf("Hello from an image without an operating system below it.\n");
  }
  for (int i = 1; i < argc; ++i) {
    std::printf("Hello, %s.\n", argv[i]);
  }
  return 0;
}
