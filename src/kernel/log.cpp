// SPDX-License-Identifier: Apache-2.0
// Where log lines go: the ring always, the console when they matter enough.
#include <core/log.hpp>
#include <hal/clock.hpp>
#include <hal/cpu.hpp>
#include <kernel/console.hpp>
#include <kernel/locked.hpp>
#include <kernel/log_ring.hpp>

namespace skerry {
namespace {

/// Beside the state, whose lock is not all zeros: so an image does not hold it.
constinit kernel::LogRing log_ring;

struct LogState {
  kernel::LogRing& ring = log_ring;
  log::Level console_level = log::Level::info;
};

constinit Locked<LogState> state(LockRank::log);

std::string_view label(log::Level level) {
  switch (level) {
  case log::Level::error:
    return "error: ";
  case log::Level::warning:
    return "warning: ";
  default:
    return "";
  }
}

} // namespace

void log::emit(Level level, std::string_view module, std::string_view text) {
  const auto elapsed = hal::monotonic_now().since_boot().in_microseconds();
  char line[max_line + 64];
  const auto cut = format_to(std::span(line).first(sizeof line - 1), "[{:5}.{:06}] {}: {}{}",
                             elapsed / 1'000'000, elapsed % 1'000'000, module, label(level), text);
  line[cut.size()] = '\n'; // also where a long module name has used the room up
  const std::string_view full(line, cut.size() + 1);
  const hal::InterruptsOff off;
  bool is_shown = false;
  {
    const auto log_state = state.lock();
    log_state->ring.append(full);
    is_shown = level <= log_state->console_level;
  }
  // Without the lock: a console that fails logs that.
  if (is_shown) {
    kernel::write_log_line(full);
  }
}

void kernel::set_console_level(log::Level level) {
  state.lock()->console_level = level;
}

std::size_t kernel::copy_newest_log(std::span<char> output) {
  return state.lock()->ring.copy_newest(output);
}

} // namespace skerry
