// SPDX-License-Identifier: Apache-2.0
// The end of a run. Nothing here allocates or takes a lock: reports of faults end here too.
#include "src/kernel/report_text.hpp"

#include <core/format.hpp>
#include <hal/cpu.hpp>
#include <hal/power.hpp>
#include <kernel/console.hpp>
#include <kernel/exit.hpp>
#include <kernel/panic_hook.hpp>
#include <kernel/trap.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace skerry::kernel {
namespace {

/// The report as the panic hook gets it.
struct ReportText {
  std::array<char, 2048> text;
  std::size_t size;

  void append(std::string_view more) {
    const auto part = more.substr(0, text.size() - size);
    std::ranges::copy(part, text.begin() + size);
    size += part.size();
  }
};
constinit ReportText report{};

constinit LastAct last_act = nullptr;

} // namespace

std::string_view report_text() {
  return {report.text.data(), report.size};
}

void print_report(std::string_view text) {
  write_kernel_line("skerry: ");
  write_consoles(text);
  write_consoles("\n");
  flush_consoles(); // a report is longer than what a device holds at a time
  report.append(text);
  report.append("\n");
}

void stop_after_report() {
  run_panic_hook();
  end_run(panic_status, "panic");
}

void set_last_act(LastAct act) {
  last_act = act;
}

void run_last_act() {
  if (const LastAct act = std::exchange(last_act, nullptr); act != nullptr) {
    act();
  }
}

void end_run(std::uint8_t status, std::string_view reason) {
  hal::disable_interrupts(); // nothing is logged behind the last line
  char line[80];
  if (reason.empty()) {
    write_consoles(format_to(line, "skerry: exit status {}\n", unsigned{status}));
  } else {
    write_consoles(format_to(line, "skerry: exit status {} ({})\n", unsigned{status}, reason));
  }
  flush_consoles();
  hal::power_off(status);
}

void restart(std::string_view reason) {
  hal::disable_interrupts();
  char line[80];
  write_consoles(format_to(line, "skerry: restart ({})\n", reason));
  flush_consoles();
  hal::reboot();
}

void refuse_to_run(std::string_view why) {
  hal::disable_interrupts();
  print_report(why);
  end_run(usage_status);
}

} // namespace skerry::kernel
