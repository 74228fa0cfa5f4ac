// SPDX-License-Identifier: Apache-2.0
// A folder as the root file system of an image: checked, completed with what an image needs, and
// packed by mkfs.erofs so that the same folder always gives the same bytes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace skerry::root {

struct PackRequest {
  std::filesystem::path folder;
  std::filesystem::path image; ///< replaced in one step
  /// Absolute paths in the root that get a file system in memory, beside /dev, /proc, /run and
  /// /tmp: a folder is added where there is none.
  std::vector<std::string> memory_folders{};
};

/// Packs the folder, unless the image was made from what is in it now. Returns whether it was
/// packed. Throws Failure that names what cannot be packed, or the package that is missing.
bool pack(const PackRequest& request);

} // namespace skerry::root
