// SPDX-License-Identifier: Apache-2.0
// Long work, shown as `==> title … 12.3 s` on standard error, with the output of the program that
// does it in a log.
#pragma once

#include "support/process.hpp"

#include <filesystem>
#include <string_view>

namespace skerry {

/// Runs `command` to its end with output and errors appended to `log`. Work that is done at once
/// shows nothing. Throws Failure when it fails, after the log's last lines, and names the log.
void run_step(std::string_view title, Command command, const std::filesystem::path& log);

/// As run_step, but returns the status instead of throwing: for a program whose failure is news of
/// its own (a test run).
[[nodiscard]] ProcessStatus run_logged(std::string_view title, Command command,
                                       const std::filesystem::path& log);

/// Empties `log`, and makes its folder: once before the steps that share it.
void start_log(const std::filesystem::path& log);

} // namespace skerry
