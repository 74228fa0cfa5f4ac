// SPDX-License-Identifier: Apache-2.0
// Text for all consoles.
#include <hal/console.hpp>
#include <kernel/console.hpp>
#include <kernel/devices.hpp>

#include <atomic>

namespace skerry::kernel {
namespace {

/// The service has written the start of a line and not its end. Two writers at the same moment may
/// get an empty line, or none; no lock is taken here, since a report of a fault comes along.
constinit std::atomic<bool> line_is_open = false;

void write_all(std::string_view text) {
  hal::console_write(text);
  for (device::Console* console : consoles()) {
    console->write(text);
  }
}

} // namespace

void write_consoles(std::string_view text) {
  if (!text.empty()) {
    line_is_open.store(!text.ends_with('\n'), std::memory_order_relaxed);
  }
  write_all(text);
}

void write_kernel_line(std::string_view line) {
  if (line_is_open.exchange(false, std::memory_order_relaxed)) {
    write_all("\n");
  }
  write_all(line);
}

void write_control(char character) {
  write_all({&character, 1});
}

void flush_consoles() {
  for (device::Console* console : consoles()) {
    console->flush();
  }
}

} // namespace skerry::kernel
