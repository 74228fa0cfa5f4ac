// SPDX-License-Identifier: Apache-2.0
// The subcommands: each file adds its own to the command line and says what is to be done when it
// is the one that was typed.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace skerry::command {

/// What the command line asks for.
struct Action {
  std::function<int()> run; ///< returns the exit status
  /// The exit status when `run` throws Failure. Where `main`'s own status is handed on it is one
  /// that programs do not use, as with docker and timeout.
  int failure_status = 1;
};

inline constexpr int status_timed_out = 124;
inline constexpr int status_run_failed = 125;
inline constexpr int status_interrupted = 130; // 128 + SIGINT

void add_sdk(CLI::App& app, Action& action);
void add_build(CLI::App& app, Action& action);
void add_run(CLI::App& app, Action& action);
void add_emulate(CLI::App& app, Action& action);
void add_test(CLI::App& app, Action& action);

/// Parses the words and does what they ask for; everything but `main`. Returns the exit status.
int run_command_line(int argument_count, const char* const* arguments);

} // namespace skerry::command
