// SPDX-License-Identifier: Apache-2.0
// A running virtual machine: start it, watch its console, ask it to stop, learn how it ended.
//
//     vm::Guest guest({.boot = vm::KernelBoot{.image = "hello"}});
//     ASSERT_TRUE(guest.console().wait_for("Hello", deadline_in(30s)));
//     EXPECT_EQ(guest.wait_until(deadline_in(30s)), vm::GuestResult(0));
#pragma once

#include "support/deadline.hpp"
#include "support/process.hpp"
#include "vm/console.hpp"
#include "vm/exit_status.hpp"
#include "vm/machine.hpp"
#include "vm/qmp.hpp"
#include "vm/typist.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <thread>

namespace skerry::vm {

/// Owns QEMU and a thread that collects its output. The destructor kills the guest. If the thread
/// that made the guest ends without running it, the kernel kills QEMU.
class Guest {
public:
  /// Starts QEMU. Throws Failure when that is impossible; what QEMU itself refuses (a port that is
  /// taken, an unknown device) comes as the result of wait_until, in QEMU's words.
  /// `sink` gets the console as it comes, on the collecting thread. `input` is a descriptor,
  /// borrowed, from which the guest gets a line whenever it asks for one; without it (-1) the
  /// guest's standard input is at its end.
  explicit Guest(const Machine& machine, Console::Sink sink = {}, int input = -1);
  Guest(const Guest&) = delete;
  Guest& operator=(const Guest&) = delete;
  ~Guest();

  [[nodiscard]] Console& console() { return console_; }
  [[nodiscard]] Qmp& qmp() { return qmp_; }
  [[nodiscard]] pid_t process_id() const { return process_.id(); }
  /// Becomes readable when QEMU has ended, for poll(2).
  [[nodiscard]] int ended() const { return process_.ended(); }

  /// Presses the power button; returns at once, also when the guest has ended. Throws Failure when
  /// the machine has none, or QEMU does not answer.
  void press_power_button();

  /// Waits for the guest's end; nullopt when `deadline` comes first.
  [[nodiscard]] std::optional<GuestResult> wait_until(Deadline deadline);

  /// Ends QEMU: SIGTERM, then SIGKILL after `grace`. The guest is not asked.
  void stop(std::chrono::milliseconds grace = std::chrono::seconds(2));

private:
  struct Monitor; // both ends of QMP's socket
  Guest(const Machine& machine, Console::Sink sink, int input, Monitor monitor);

  void take_output(std::string_view bytes);

  Machine machine_;
  Qmp qmp_;
  Process process_;
  Console console_;
  Typist typist_;
  std::string error_output_; // the collector's until it is joined
  std::thread collector_;
};

} // namespace skerry::vm
