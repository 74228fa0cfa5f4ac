// SPDX-License-Identifier: Apache-2.0
// Is a path one of our images, and if not, what is it?
#pragma once

#include <filesystem>
#include <string>

namespace skerry {

struct ImageInfo {
  std::string version; ///< of the Skerry that the image was linked with
};

/// Reads the note (owner `Skerry`, type 1) of an image. Throws Failure that names `path` and says
/// what it is instead: missing, a folder, a script, a Linux program, an object file, no ELF at all.
ImageInfo inspect_image(const std::filesystem::path& path);

} // namespace skerry
