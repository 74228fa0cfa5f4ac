// SPDX-License-Identifier: Apache-2.0
// From a CMake project to an image.
#pragma once

#include "command/layout.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace skerry::command {

struct BuildOptions {
  std::filesystem::path project; ///< a folder with a CMakeLists.txt
  std::string target;            ///< empty: the only executable
  std::string build_type = "Release";
  std::vector<std::string> definitions{}; ///< NAME=VALUE for the project's cache
};

/// Builds SDK and project; returns the image's path. Progress goes to standard error.
std::filesystem::path build_image(const Layout& layout, const BuildOptions& options);

} // namespace skerry::command
