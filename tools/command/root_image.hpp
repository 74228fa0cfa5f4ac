// SPDX-License-Identifier: Apache-2.0
// The root file system that is put into memory beside an image.
#pragma once

#include "elf/image.hpp"
#include "support/file.hpp"

#include <filesystem>
#include <optional>

namespace skerry::command {

/// A file for the machine, as long as the object lives.
class RootImage {
public:
  /// `given` is what --root names, a folder or an EROFS file, or empty: then an image that wants
  /// its root beside itself gets the file of its name with `.root` behind it. Throws Failure that
  /// names what is missing or no root, and an image that has no use for one.
  RootImage(const std::filesystem::path& image, const ImageInfo& info,
            const std::filesystem::path& given);

  /// Empty when the image needs none.
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
  std::optional<TemporaryFolder> packed_;
  std::filesystem::path path_;
};

} // namespace skerry::command
