// SPDX-License-Identifier: Apache-2.0
// Where things lie; see the header.
#include "command/layout.hpp"

#include "support/failure.hpp"

#include <cstdlib>
#include <string>

namespace skerry::command {
namespace {

std::filesystem::path from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

std::filesystem::path cache_folder() {
  if (const auto cache = from_environment("XDG_CACHE_HOME"); cache.is_absolute())
    return cache / "skerry";
  if (const auto home = from_environment("HOME"); home.is_absolute())
    return home / ".cache" / "skerry";
  throw Failure("HOME is not set: there is no folder for the cache; expected HOME or "
                "XDG_CACHE_HOME");
}

} // namespace

std::filesystem::path Layout::log(std::string_view name) const {
  return cache / "logs" / (std::string(name) + ".log");
}

bool in_source_tree() {
  return !from_environment("SKERRY_ROOT").empty();
}

Layout find_layout() {
  const auto root = from_environment("SKERRY_ROOT");
  const auto tools = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  if (!root.empty() && !std::filesystem::exists(root / "cmake" / "kernel-toolchain.cmake"))
    throw Failure("SKERRY_ROOT {}: expected the folder of Skerry's source tree", root.string());
  Layout layout{.root = root, .tools = tools, .cache = cache_folder()};
  if (root.empty() && !std::filesystem::exists(layout.sdk() / "cmake" / "toolchain.cmake"))
    throw Failure(
        "{}: it is not part of an SDK; start the `skerry` script at the top of the source "
        "tree",
        tools.string());
  return layout;
}

Layout require_source_tree() {
  Layout layout = find_layout();
  if (layout.root.empty())
    throw Failure("an SDK has no source tree; start the `skerry` script at the top of one");
  return layout;
}

} // namespace skerry::command
