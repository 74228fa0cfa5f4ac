// SPDX-License-Identifier: Apache-2.0
// Is a path one of our images, and if not, what is it?
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace skerry {

struct ImageInfo {
  std::string version; ///< of the Skerry that the image was linked with
  /// What skerry_image(MEMORY) asks for.
  std::optional<std::uint64_t> memory_bytes;
};

/// Reads the notes of an image: owner `Skerry`, type 1 its version, type 2 its memory. Throws
/// Failure that names `path` and says what it is instead: missing, a folder, a script, a Linux
/// program, an object file, no ELF at all.
ImageInfo inspect_image(const std::filesystem::path& path);

} // namespace skerry
