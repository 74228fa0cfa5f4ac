// SPDX-License-Identifier: Apache-2.0
// Tells how many arguments it got, and its status by their number.
#include <cstdio>

int main(int argc, char** argv) {
  std::printf("%s", argc > 2 ? argv[2] : "none");
  return 40 + argc;
}
