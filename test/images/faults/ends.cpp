// SPDX-License-Identifier: Apache-2.0
// Ends that the program itself asks for, by an exception that nobody catches, abort and assert.
#include "faults.hpp"

#include <cassert>
#include <cstdlib>
#include <stdexcept>

[[gnu::noinline]] void throw_without_handler() {
  throw std::runtime_error("nobody catches this");
}

[[gnu::noinline]] void give_up() {
  std::abort();
}

[[gnu::noinline]] void assert_what_is_false() {
  volatile int one = 1;
  assert(one == 2);
  survived();
}
