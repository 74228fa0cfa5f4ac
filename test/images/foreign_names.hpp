// SPDX-License-Identifier: Apache-2.0
// Functions of a service under names that the kernel, its network stack and the C library use too.
// Each counts its calls.
#pragma once

#include <cstddef>

struct Calls {
  int tcp_output = 0;
  int mem_malloc = 0;
  int panic = 0;
  int system_call = 0;
  int kernel_panic = 0;
  int memcpy = 0;
  int allocate = 0;
  int release = 0;

  bool operator==(const Calls&) const = default;
};

extern Calls calls;

extern "C" {
/// lwIP's and the C library's have other parameters and other meanings.
double tcp_output(double value);
const char* mem_malloc(const char* text);
int panic(int value);
/// The kernel's own C name for the inside of door one.
long skerry_system_call(long value);
}

namespace skerry {

struct Reason {
  int number;
};

/// In the kernel's own namespace.
int panic(Reason reason);

} // namespace skerry
