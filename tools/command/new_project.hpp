// SPDX-License-Identifier: Apache-2.0
// `skerry new`: the first files of a service.
#pragma once

#include <filesystem>

namespace skerry::command {

/// Makes `folder` with CMakeLists.txt, main.cpp and README.md, and says how to go on. Returns 0.
/// Throws Failure when the folder's name cannot be a target's, when it exists, or when it cannot be
/// made; nothing is left behind then.
int new_project(const std::filesystem::path& folder);

} // namespace skerry::command
