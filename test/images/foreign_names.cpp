// SPDX-License-Identifier: Apache-2.0
// A service that defines names of the kernel, of lwIP and of the C library for itself. It says
// whether it gets its own functions, and whether the system still works and uses none of them.
#include "foreign_names.hpp"

#include <cstdio>
#include <cstring>
#include <string>
#include <unistd.h>
#include <vector>

namespace {

int failures = 0;

void expect(bool holds, const char* what) {
  std::printf("%s: %s\n", holds ? "ok" : "FAILED", what);
  if (!holds)
    ++failures;
}

void check_own_functions() {
  expect(tcp_output(1.5) == 3.0 && calls.tcp_output == 1, "tcp_output is the service's");
  expect(std::string_view(mem_malloc("text")) == "text" && calls.mem_malloc == 1,
         "mem_malloc is the service's");
  expect(panic(41) == 42 && calls.panic == 1, "panic is the service's");
  expect(skerry_system_call(1) == 0 && calls.system_call == 1,
         "skerry_system_call is the service's");
  expect(skerry::panic({.number = 7}) == 7 && calls.kernel_panic == 1,
         "skerry::panic is the service's");
}

void check_memory() {
  char copy[6] = {};
  void* (*volatile copier)(void*, const void*, std::size_t) = std::memcpy;
  copier(copy, "bytes", 6);
  expect(std::string_view(copy) == "bytes" && calls.memcpy > 0, "memcpy is the service's");
}

void check_allocation() {
  const int allocated = calls.allocate;
  const int released = calls.release;
  std::string text;
  {
    std::vector<std::string> words;
    for (int i = 0; i < 100; ++i)
      words.push_back(std::to_string(i) + " is a word that is too long for a short string");
    for (const std::string& word : words)
      text += word.substr(0, word.find(' '));
  }
  expect(text.size() == 190 && text.ends_with("979899"), "vector and string hold what was put in");
  expect(calls.allocate >= allocated + 100, "the library allocates by the service's operator new");
  expect(calls.release >= released + 100, "the library releases by the service's operator delete");
}

void check_system() {
  std::fflush(stdout);
  const Calls before = calls;
  static constexpr char line[] = "a line for the system to copy\n";
  const bool written = ::write(STDOUT_FILENO, line, sizeof line - 1) == sizeof line - 1;
  const Calls after = calls; // what expect() prints is the service's own doing
  expect(written, "the system writes");
  expect(before == after, "the system calls none of the service's functions");
}

} // namespace

int main() {
  check_own_functions();
  check_memory();
  check_allocation();
  check_system();
  std::printf("%d failures\n", failures);
  return failures == 0 ? 0 : 1;
}
