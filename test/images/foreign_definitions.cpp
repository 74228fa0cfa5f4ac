// SPDX-License-Identifier: Apache-2.0
// The service's own definitions; see the header.
#include "foreign_names.hpp"

#include <cstdlib>
#include <new>

Calls calls;

extern "C" {

double tcp_output(double value) {
  ++calls.tcp_output;
  return value * 2;
}

const char* mem_malloc(const char* text) {
  ++calls.mem_malloc;
  return text;
}

int panic(int value) {
  ++calls.panic;
  return value + 1;
}

long skerry_system_call(long value) {
  ++calls.system_call;
  return value - 1;
}

void* memcpy(void* target, const void* source, std::size_t size) {
  ++calls.memcpy;
  auto* to = static_cast<char*>(target);
  const auto* from = static_cast<const char*>(source);
  while (size-- != 0)
    *to++ = *from++;
  return target;
}
}

int skerry::panic(Reason reason) {
  ++calls.kernel_panic;
  return reason.number;
}

void* operator new(std::size_t size) {
  ++calls.allocate;
  if (void* memory = std::malloc(size))
    return memory;
  throw std::bad_alloc();
}

void operator delete(void* memory) noexcept {
  ++calls.release;
  std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
  ++calls.release;
  std::free(memory);
}
