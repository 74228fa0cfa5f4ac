// SPDX-License-Identifier: Apache-2.0
// Boots a project or an image and streams its console.
#pragma once

#include "command/build.hpp"
#include "command/machine_options.hpp"

#include <filesystem>
#include <string>

namespace skerry::command {

struct RunOptions {
  std::filesystem::path subject; ///< a folder with a CMakeLists.txt, or an image
  BuildOptions build{};          ///< for a folder; its `project` is not looked at
  MachineOptions machine{};      ///< without ports the host's 8080 leads to the guest's 80
  std::string append{};          ///< "kernel arguments -- service arguments"
  std::filesystem::path root{};  ///< a folder or file in place of the image's root; may be empty
  bool debugger = false;         ///< wait for gdb
};

/// Returns the status of main, or status_timed_out, or status_interrupted.
int run(RunOptions options);

} // namespace skerry::command
