// SPDX-License-Identifier: Apache-2.0
// One input of all consoles.
#include "src/kernel/line_input.hpp"

#include <hal/console.hpp>
#include <kernel/console.hpp>
#include <kernel/console_input.hpp>
#include <kernel/devices.hpp>
#include <kernel/locked.hpp>
#include <kernel/wait_queue.hpp>

namespace skerry::kernel {
namespace {

constinit LineInput all_lines;

/// Beside the lines, since the lock is not all zeros: so an image does not hold them.
struct InputState {
  LineInput& lines = all_lines;
  bool has_console = false;
};

constinit Locked<InputState> state(LockRank::console_input);
constinit WaitQueue changes;

void collect(LineInput& lines) {
  char typed[64];
  while (const std::size_t count = hal::console_read(typed)) {
    for (const char byte : std::span(typed).first(count)) {
      lines.add(byte);
    }
  }
  for (device::Console* console : consoles()) {
    while (const std::size_t count = console->read(typed)) {
      for (const char byte : std::span(typed).first(count)) {
        lines.add(byte);
      }
    }
  }
}

/// Calls `use` with the lines when they are readable. False, and a line is asked for, when somebody
/// must type first.
template <class Use> bool look(Use&& use) {
  bool asks = false;
  {
    const auto input = state.lock();
    collect(input->lines);
    if (input->lines.readable()) {
      use(input->lines);
      return true;
    }
    if (!input->has_console) {
      return true;
    }
    asks = input->lines.asks();
  }
  if (asks) {
    write_control(LineInput::question);
  }
  return false;
}

/// In interrupt context. Nothing stays in a device's own small buffer, whether somebody reads or
/// not.
void on_input(void*) {
  collect(state.lock()->lines);
  changes.wake_all();
}

} // namespace

void start_console_input() {
  const hal::InterruptsOff off;
  bool found = hal::on_console_input(on_input, nullptr);
  for (device::Console* console : consoles()) {
    console->on_input(on_input, nullptr);
    found = true;
  }
  const auto input = state.lock();
  input->has_console = found;
  collect(input->lines); // what was typed before
}

bool console_input_ready() {
  return look([](LineInput&) {});
}

std::optional<InputPart> take_console_input(std::span<char> buffer) {
  InputPart part{.bytes = 0, .ends = true};
  const bool ready = look([&](LineInput& lines) { part = lines.take(buffer); });
  return ready ? std::optional(part) : std::nullopt;
}

WaitQueue& console_input_changes() {
  return changes;
}

std::uint64_t dropped_console_input() {
  return state.lock()->lines.dropped();
}

} // namespace skerry::kernel
