// SPDX-License-Identifier: Apache-2.0
// Text for all consoles.
#include <hal/console.hpp>
#include <kernel/console.hpp>
#include <kernel/devices.hpp>
#include <kernel/locked.hpp>

#include <algorithm>
#include <array>
#include <atomic>

namespace skerry::kernel {
namespace {

/// The service has written the start of a line and not its end. Two writers at the same moment may
/// get an empty line, or none; no lock is taken here, since a report of a fault comes along.
constinit std::atomic<bool> line_is_open = false;

/// Beside the lines' state, whose lock is not all zeros: so an image does not hold it.
constinit std::array<char, 1024> waiting_text{};

/// Lines of the log for which the service's output has to end first.
struct WaitingLines {
  std::array<char, 1024>& text = waiting_text;
  std::size_t size = 0;
  unsigned writers = 0;

  bool add(std::string_view line) {
    if (writers == 0 || line.size() > text.size() - size) {
      return false;
    }
    std::ranges::copy(line, text.begin() + size);
    size += line.size();
    return true;
  }

  /// Takes the oldest line, or what fits of it; an empty one when nothing waits.
  std::string_view take(std::span<char> line) {
    const auto end = std::find(text.begin(), text.begin() + size, '\n');
    const auto length =
        std::min({static_cast<std::size_t>(end - text.begin()) + 1, size, line.size()});
    std::copy_n(text.begin(), length, line.begin());
    std::copy(text.begin() + length, text.begin() + size, text.begin());
    size -= length;
    return {line.data(), length};
  }
};

constinit Locked<WaitingLines> waiting(LockRank::log);

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

ServiceOutput::ServiceOutput() {
  ++waiting.lock()->writers;
}

ServiceOutput::~ServiceOutput() {
  if (--waiting.lock()->writers == 0) {
    write_waiting_lines();
  }
}

void write_log_line(std::string_view line) {
  if (!waiting.lock()->add(line)) {
    write_waiting_lines(); // before it in time
    write_kernel_line(line);
  }
}

void write_waiting_lines() {
  for (;;) {
    char line[320];
    const std::string_view text = waiting.lock()->take(line);
    if (text.empty()) {
      return;
    }
    write_kernel_line(text);
  }
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
