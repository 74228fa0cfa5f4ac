// SPDX-License-Identifier: Apache-2.0
// Prints where its parts lie in memory: the randomisation test compares boots.
#include <cstdio>
#include <cstdlib>
#include <memory>

namespace {

int static_object = 1;

} // namespace

int main() {
  const int stack_object = 1;
  const std::unique_ptr<void, void (*)(void*)> heap_object(std::malloc(100), std::free);
  std::printf("code %p\n", reinterpret_cast<void*>(&main));
  std::printf("static %p\n", static_cast<void*>(&static_object));
  std::printf("heap %p\n", heap_object.get());
  std::printf("stack %p\n", static_cast<const void*>(&stack_object));
  return 0;
}
