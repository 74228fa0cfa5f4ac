// SPDX-License-Identifier: Apache-2.0
// Where things lie: the source tree, what is built in it, and the user's cache.
#pragma once

#include <filesystem>
#include <string_view>

namespace skerry::command {

struct Layout {
  std::filesystem::path root;  ///< the source tree; empty for the command of an installed SDK
  std::filesystem::path tools; ///< the folder of this program, skerry-ld and skerry-emulator
  std::filesystem::path cache; ///< ${XDG_CACHE_HOME:-~/.cache}/skerry

  [[nodiscard]] std::filesystem::path guest_build() const { return root / "build" / "guest"; }
  [[nodiscard]] std::filesystem::path host_build() const { return root / "build" / "host"; }
  [[nodiscard]] std::filesystem::path sdk() const {
    return root.empty() ? tools.parent_path() : guest_build() / "sdk";
  }
  [[nodiscard]] std::filesystem::path log(std::string_view name) const;
};

/// False for the command of an installed SDK, which has no source tree around it.
[[nodiscard]] bool in_source_tree();

/// From SKERRY_ROOT, which the launcher sets, else the SDK that this program is part of. Throws
/// Failure when there is neither.
[[nodiscard]] Layout find_layout();

/// The same, for what only a source tree can do. Throws Failure for an installed SDK.
[[nodiscard]] Layout require_source_tree();

} // namespace skerry::command
