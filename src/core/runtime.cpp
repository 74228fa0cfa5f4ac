// SPDX-License-Identifier: Apache-2.0
// What the compiler and the C++ library's headers call when something is wrong. None of it is ever
// reached unless Skerry itself is: floors create and destroy objects through the kernel heap.
#include <core/assert.hpp>

#include <cstddef>

namespace std::inline __1 {

/// libc++'s headers come here where they would throw.
[[noreturn]] void __libcpp_verbose_abort(const char* format, ...) {
  skerry::panic(format);
}

} // namespace std::inline __1

/// Named by the deleting destructor of every class with virtual functions.
void operator delete(void*, std::size_t) noexcept {
  skerry::panic("a floor deleted an object that is not from the kernel heap");
}

void operator delete(void*) noexcept {
  skerry::panic("a floor deleted an object that is not from the kernel heap");
}

extern "C" {

[[noreturn]] void __cxa_pure_virtual() {
  skerry::panic("a pure virtual function was called");
}
}
