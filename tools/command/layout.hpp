// SPDX-License-Identifier: Apache-2.0
// Where things lie: the source tree, what is built in it, and the user's cache.
#pragma once

#include <filesystem>
#include <string_view>

namespace skerry::command {

struct Layout {
  std::filesystem::path root;  ///< the source tree
  std::filesystem::path tools; ///< the folder of this program, skerry-ld and skerry-emulator
  std::filesystem::path cache; ///< ${XDG_CACHE_HOME:-~/.cache}/skerry

  [[nodiscard]] std::filesystem::path guest_build() const { return root / "build" / "guest"; }
  [[nodiscard]] std::filesystem::path host_build() const { return root / "build" / "host"; }
  [[nodiscard]] std::filesystem::path sdk() const { return guest_build() / "sdk"; }
  [[nodiscard]] std::filesystem::path log(std::string_view name) const;
};

/// False for the command of an installed SDK, which has no source tree around it.
[[nodiscard]] bool in_source_tree();

/// From SKERRY_ROOT, which the launcher sets. Throws Failure when that is no Skerry source tree.
[[nodiscard]] Layout find_layout();

} // namespace skerry::command
