// SPDX-License-Identifier: Apache-2.0
// Stays with a guest until it ends: signals, the time limit, its status.
#pragma once

#include "support/file_descriptor.hpp"
#include "vm/guest.hpp"
#include "vm/machine.hpp"

#include <chrono>
#include <csignal>
#include <functional>
#include <optional>

namespace skerry::command {

/// From its making on, SIGINT, SIGTERM and SIGHUP come as readable events, in all threads that are
/// started later; until its end. Make it before the guest.
class StopSignals {
public:
  StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
  ~StopSignals();

  [[nodiscard]] int descriptor() const { return events_.get(); }
  /// Takes one signal that has come.
  void take();

private:
  sigset_t before_{};
  FileDescriptor events_;
};

/// Starts `machine`, hands its console to `sink`, lets the guest read `input` (as vm::Guest has it)
/// and waits for its end. The first signal presses
/// the power button; a second one, or five seconds, kill the guest. Returns the status of `main`,
/// or status_interrupted, or status_timed_out. Throws Failure when the guest ended without one.
int supervise(const vm::Machine& machine, vm::Console::Sink sink, int input,
              std::optional<std::chrono::seconds> limit);

/// Writes all of `bytes` to standard output, unbuffered.
void write_output(std::string_view bytes);

} // namespace skerry::command
