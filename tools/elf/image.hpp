// SPDX-License-Identifier: Apache-2.0
// Is a path one of our images, and if not, what is it?
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace skerry {

/// What skerry_image(ROOT) says.
struct ImageRoot {
  bool is_beside = false;                    ///< not in the image itself
  std::vector<std::string> memory_folders{}; ///< of TMPFS
};

struct ImageInfo {
  std::string version; ///< of the Skerry that the image was linked with
  /// What skerry_image(MEMORY) asks for.
  std::optional<std::uint64_t> memory_bytes;
  std::optional<ImageRoot> root{};
};

/// Reads the notes of an image: owner `Skerry`, type 1 its version, type 2 its memory, type 3 its
/// root: a line `inside` or `beside`, and one for each folder of TMPFS. Throws
/// Failure that names `path` and says what it is instead: missing, a folder, a script, a Linux
/// program, an object file, no ELF at all.
ImageInfo inspect_image(const std::filesystem::path& path);

} // namespace skerry
