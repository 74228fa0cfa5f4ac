// SPDX-License-Identifier: Apache-2.0
// Prints what main was given, one word a line, and returns the number that follows --status.
#include <cstdio>
#include <cstdlib>
#include <string_view>

extern char** environ;

int main(int argc, char** argv) {
  int status = 0;
  std::printf("argc=%d\n", argc);
  for (int i = 0; i < argc; ++i) {
    std::printf("argv[%d]=<%s>\n", i, argv[i]);
    if (std::string_view(argv[i]) == "--status" && i + 1 < argc)
      status = std::atoi(argv[i + 1]);
  }
  std::printf("argv[argc] is %s\n", argv[argc] == nullptr ? "null" : "not null");
  for (char** entry = environ; *entry != nullptr; ++entry)
    std::printf("environment <%s>\n", *entry);
  return status;
}
