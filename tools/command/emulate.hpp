// SPDX-License-Identifier: Apache-2.0
// An image as if it were a program of this host, for CMake and ctest
// (CMAKE_CROSSCOMPILING_EMULATOR): main's arguments, output and status, and nothing of the kernel.
#pragma once

#include "command/machine_options.hpp"

#include <string>
#include <vector>

namespace skerry::command {

/// `words` are the image and the arguments of its main. Returns the status of main, or
/// status_timed_out, or status_interrupted.
int emulate(const MachineOptions& options, std::vector<std::string> words);

} // namespace skerry::command
