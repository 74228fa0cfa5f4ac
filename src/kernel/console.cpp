// SPDX-License-Identifier: Apache-2.0
// Text for all consoles.
#include <hal/console.hpp>
#include <kernel/console.hpp>
#include <kernel/devices.hpp>

namespace skerry::kernel {

void write_consoles(std::string_view text) {
  hal::console_write(text);
  for (device::Console* console : consoles()) {
    console->write(text);
  }
}

void flush_consoles() {
  for (device::Console* console : consoles()) {
    console->flush();
  }
}

} // namespace skerry::kernel
