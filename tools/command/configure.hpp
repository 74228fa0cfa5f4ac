// SPDX-License-Identifier: Apache-2.0
// CMake build folders: configured when they have to be, and asked for the executables they make.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace skerry::command {

struct BuildFolder {
  std::string_view title; ///< names it in what the user sees
  std::filesystem::path source;
  std::filesystem::path build;
  std::vector<std::string> arguments; ///< for cmake
  std::filesystem::path log;
};

/// Configures with Ninja, unless that was done with the same arguments; afterwards Ninja itself
/// notices changed CMakeLists.txt. Throws Failure as run_step does.
void configure(const BuildFolder& folder);

/// Builds `targets`; none means all. Throws Failure as run_step does.
void build(const BuildFolder& folder, const std::vector<std::string>& targets);

struct Executable {
  std::string target;
  std::filesystem::path path;
};

/// The executables that a configured folder makes, by CMake's File API (codemodel version 2).
[[nodiscard]] std::vector<Executable> list_executables(const std::filesystem::path& build);

/// The one executable that is meant: the one called `target`, or the only one when that is empty.
/// Throws Failure that lists them.
[[nodiscard]] Executable select_executable(const std::vector<Executable>& executables,
                                           std::string_view target,
                                           const std::filesystem::path& source);

} // namespace skerry::command
