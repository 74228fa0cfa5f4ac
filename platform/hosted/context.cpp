// SPDX-License-Identifier: Apache-2.0
// A hosted process has one flow of control: whoever would switch to another has not been led there
// by a test that knows this.
#include <core/assert.hpp>
#include <hal/context.hpp>

namespace skerry::hal {

std::size_t vector_state_size() {
  return 0;
}

void initialise_vector_state(std::span<std::byte>) {}

void prepare_context(Context&, mm::VirtualAddress, void (*)(void*), void*) {
  panic("threads do not run in a hosted process");
}

void switch_context(Context&, Context&) {
  panic("threads do not run in a hosted process");
}

} // namespace skerry::hal
