// SPDX-License-Identifier: Apache-2.0
// main() of an image with many tests. Its arguments are the indices of the first test to run and of
// the one behind the last. Before and after each it writes a line to the console, by which the host
// knows which test has ended the machine:
//     @test run 7
//     @test passed 7        @test failed 7 STATUS
#include "folder.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <iostream>
#include <locale>
#include <new>
#include <unistd.h>

namespace {

int console = -1; // a descriptor of its own: a test may close or redirect the standard ones

void say(const char* what, unsigned long index, int status) {
  char line[80];
  const int length =
      status == 0 ? std::snprintf(line, sizeof line, "\n@test %s %lu\n", what, index)
                  : std::snprintf(line, sizeof line, "\n@test %s %lu %d\n", what, index, status);
  if (write(console, line, static_cast<std::size_t>(length)) != length)
    std::_Exit(125);
}

/// What a test may have left changed for the next one.
void restore() {
  std::fflush(nullptr);
  std::locale::global(std::locale::classic());
  std::set_terminate(std::abort);
  std::set_new_handler(nullptr);
  std::cout.clear();
  std::cout.copyfmt(std::ios(nullptr));
  std::wcout.clear();
  std::wcout.copyfmt(std::wios(nullptr));
  errno = 0;
}

void run(unsigned long index) {
  const Test& test = tests_of_image[index];
  restore();
  enter_folder_of(test);
  say("run", index, 0);
  // libc++'s tests look at the count of their arguments at most.
  char* arguments[] = {const_cast<char*>(test.name), nullptr};
  for (unsigned long number = 0; number < test.constructor_count; ++number)
    test.constructors[number](1, arguments, environ);
  const int status = test.main(1, arguments);
  std::fflush(nullptr);
  say(status == 0 ? "passed" : "failed", index, status);
}

} // namespace

int main(int count, char** words) {
  console = dup(STDOUT_FILENO);
  if (count != 3 || console < 0)
    return 125;
  const unsigned long end = std::strtoul(words[2], nullptr, 10);
  for (unsigned long index = std::strtoul(words[1], nullptr, 10); index < end && index < test_count;
       ++index)
    run(index);
  // The tests' destructors of static objects are not looked at: each test ran as one of many.
  std::_Exit(0);
}
