// SPDX-License-Identifier: Apache-2.0
// Implements hal/power.hpp and core/assert.hpp for a process.
#include "platform/hosted/end_of_run.hpp"

#include <core/assert.hpp>
#include <hal/power.hpp>

#include <cstdio>
#include <cstdlib>
#include <print>

namespace skerry {

void panic(std::string_view reason, std::source_location where) {
  std::println(stderr, "skerry: panic: {}\n  at {}:{}", reason, where.file_name(), where.line());
  std::abort();
}

void hal::power_off(std::uint8_t status) {
  throw hosted::PoweredOff(status);
}

Result<> hal::on_power_button(void (*)(void*), void*) {
  return fail(std::errc::no_such_device);
}

void hal::reboot() {
  throw hosted::Rebooted();
}

} // namespace skerry
