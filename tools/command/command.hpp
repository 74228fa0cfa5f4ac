// SPDX-License-Identifier: Apache-2.0
// The command line of skerry. Each subcommand is a function of plain options in a file of its own;
// command.cpp is the one page that says how they are typed.
#pragma once

namespace skerry::command {

/// Exit statuses of `run` and `emulate` that are not main's own; programs do not use them, and
/// timeout(1) and docker use them in the same way.
inline constexpr int status_timed_out = 124;
inline constexpr int status_run_failed = 125;
inline constexpr int status_interrupted = 130; // 128 + SIGINT

/// Parses the words and does what they ask for; everything but `main`. Returns the exit status.
int run_command_line(int argument_count, const char* const* arguments);

} // namespace skerry::command
