// Exceptions pass where C code lies between: callbacks of qsort and bsearch, and the frame of a
// signal (its description is in our restore.s). SPDX-License-Identifier: Apache-2.0
#include "check.hpp"

#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <string>

namespace {

int throwing_comparator(const void*, const void*) {
  throw std::runtime_error("comparator");
}

void throwing_handler(int) {
  throw std::runtime_error("handler");
}

int load(volatile int* pointer) {
  return *pointer;
}

// Behind a pointer, so that the compiler cannot know that a load does not throw.
int (*volatile opaque_load)(volatile int*) = load;

template <typename Function> std::string thrown_by(Function function) {
  try {
    function();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "nothing";
}

} // namespace

int main() {
  int numbers[3] = {3, 2, 1};
  CHECK(thrown_by([&] { qsort(numbers, 3, sizeof(int), throwing_comparator); }) == "comparator");
  CHECK(thrown_by([&] { bsearch(numbers, numbers, 3, sizeof(int), throwing_comparator); }) ==
        "comparator");

  struct sigaction action = {};
  action.sa_handler = throwing_handler;
  action.sa_flags = SA_NODEFER;
  sigaction(SIGSEGV, &action, nullptr);
  for (int i = 0; i < 3; i++) {
    CHECK(thrown_by([] { opaque_load(reinterpret_cast<int*>(8)); }) == "handler");
  }
}
