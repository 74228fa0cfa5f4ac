// SPDX-License-Identifier: Apache-2.0
// Stacks that are too short for what is put on them.
#include "faults.hpp"

#include <array>
#include <cstring>

namespace {

volatile bool stop = false;

[[gnu::noinline]] unsigned depth_of_recursion(unsigned depth) {
  std::array<volatile unsigned char, 256> room;
  room[depth % room.size()] = 1;
  return stop ? depth : depth_of_recursion(depth + 1) + room[0];
}

} // namespace

[[gnu::noinline]] void recurse_for_ever() {
  depth_of_recursion(0);
  survived();
}

[[gnu::noinline]] void overwrite_return_address() {
  char text[16];
  volatile std::size_t size = 64;
  std::memset(text, 'A', size);
  asm volatile("" ::"r"(text) : "memory");
}
