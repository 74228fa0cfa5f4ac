// SPDX-License-Identifier: Apache-2.0
// Implements hal/clock.hpp. The time is one for all CPUs, an alarm belongs to its CPU.
#include "platform/hosted/manual_clock.hpp"

#include "platform/hosted/virtual_cpu.hpp"

#include <core/assert.hpp>
#include <hal/clock.hpp>

#include <atomic>

namespace skerry::hosted {
namespace {

std::atomic<std::int64_t> now_nanoseconds = 0;
Result<std::int64_t> wall_clock = fail(std::errc::no_such_device);

} // namespace

void restart_clock(Instant now) {
  virtual_cpu().alarm = Instant::never();
  now_nanoseconds = now.since_boot().in_nanoseconds();
}

void set_time(Instant now) {
  SKERRY_ASSERT(now >= hal::monotonic_now());
  now_nanoseconds = now.since_boot().in_nanoseconds();
  serve_alarm();
}

void advance_time(Duration span) {
  const Instant end = hal::monotonic_now() + span;
  while (virtual_cpu().interrupts_on && virtual_cpu().alarm <= end) {
    set_time(std::max(virtual_cpu().alarm, hal::monotonic_now()));
  }
  set_time(end);
}

Instant armed_alarm() {
  return virtual_cpu().alarm;
}

void set_wall_clock(Result<std::int64_t> nanoseconds) {
  wall_clock = nanoseconds;
}

} // namespace skerry::hosted

namespace skerry::hal {

Instant monotonic_now() {
  return Instant::since_boot(Duration::nanoseconds(hosted::now_nanoseconds));
}

void arm_timer(Instant deadline) {
  hosted::virtual_cpu().alarm = deadline;
  hosted::serve_alarm();
}

Result<std::int64_t> wall_clock_nanoseconds() {
  return hosted::wall_clock;
}

std::string_view clock_source_name() {
  return "manual";
}

} // namespace skerry::hal
