// SPDX-License-Identifier: Apache-2.0
#include "command/root_image.hpp"

#include "root/pack.hpp"
#include "support/failure.hpp"

#include <algorithm>
#include <array>
#include <fstream>

namespace skerry::command {
namespace {

/// EROFS' superblock is at byte 1024 and begins with these.
constexpr std::array<char, 4> magic{'\xe2', '\xe1', '\xf5', '\xe0'};
constexpr std::streamoff superblock = 1024;

bool is_root(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::array<char, magic.size()> found{};
  stream.seekg(superblock).read(found.data(), found.size());
  return stream.good() && found == magic;
}

std::filesystem::path file_beside(const std::filesystem::path& image) {
  std::filesystem::path file = image.string() + ".root";
  if (!std::filesystem::exists(file))
    throw Failure("{}: its root file system is missing; expected {}, which a build of the project "
                  "makes, or another one by --root",
                  image.string(), file.string());
  return file;
}

} // namespace

RootImage::RootImage(const std::filesystem::path& image, const ImageInfo& info,
                     const std::filesystem::path& given) {
  if (given.empty()) {
    if (info.root && info.root->is_beside)
      path_ = file_beside(image);
    return;
  }
  if (!info.root)
    throw Failure("--root {}: the image {} has no use for a root file system; expected one with "
                  "skerry_image(... ROOT ...)",
                  given.string(), image.string());
  if (std::filesystem::is_directory(given)) {
    packed_.emplace();
    path_ = packed_->path() / "root";
    root::pack({.folder = given, .image = path_, .memory_folders = info.root->memory_folders});
    return;
  }
  if (!std::filesystem::exists(given))
    throw Failure(
        "--root {}: there is no such file; expected a folder, or what `skerry pack` writes",
        given.string());
  if (!is_root(given))
    throw Failure("--root {}: it is no root file system; expected a folder, or what `skerry pack` "
                  "writes",
                  given.string());
  path_ = given;
}

} // namespace skerry::command
