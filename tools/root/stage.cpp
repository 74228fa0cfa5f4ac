// SPDX-License-Identifier: Apache-2.0
// See the header.
#include "root/stage.hpp"

#include "support/failure.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>

namespace skerry::root {
namespace {

namespace filesystem = std::filesystem;

constexpr mode_t permission_bits = 07777;

void check(const std::error_code& error, const filesystem::path& path) {
  if (error)
    throw Failure("{}: it cannot be copied: {}", printable(path.string()), error.message());
}

void set_mode(const filesystem::path& path, mode_t mode) {
  if (::chmod(path.c_str(), mode & permission_bits) != 0)
    check(std::error_code(errno, std::generic_category()), path);
}

} // namespace

Stage::Stage(const filesystem::path& folder, const std::vector<Found>& found,
             const filesystem::path& neighbour)
    : found_(found) {
  std::string name = neighbour.string() + ".XXXXXX";
  if (::mkdtemp(name.data()) == nullptr)
    throw Failure("cannot make a folder {}: {}", name, std::strerror(errno));
  path_ = name;
  try {
    std::map<std::pair<dev_t, ino_t>, filesystem::path> linked;
    for (const Found& one : found) {
      if (one.path.empty())
        continue;
      const bool has_names = S_ISREG(one.status.st_mode) && one.status.st_nlink > 1;
      const auto [known, is_new] =
          has_names ? linked.try_emplace({one.status.st_dev, one.status.st_ino}, one.path)
                    : std::pair(linked.end(), true);
      if (is_new) {
        copy(folder, one);
        continue;
      }
      std::error_code error;
      filesystem::create_hard_link(path_ / known->second, path_ / one.path, error);
      check(error, folder / one.path);
    }
  } catch (...) {
    remove();
    throw;
  }
}

Stage::~Stage() {
  remove();
}

void Stage::remove() const {
  // A folder that cannot be written to would keep what is in it.
  for (const Found& one : found_)
    if (S_ISDIR(one.status.st_mode))
      ::chmod((path_ / one.path).c_str(), S_IRWXU);
  std::error_code ignored;
  filesystem::remove_all(path_, ignored);
}

void Stage::copy(const filesystem::path& folder, const Found& one) {
  const auto from = folder / one.path;
  const auto to = path_ / one.path;
  std::error_code error;
  if (S_ISDIR(one.status.st_mode)) {
    filesystem::create_directory(to, error);
  } else if (S_ISLNK(one.status.st_mode)) {
    filesystem::create_symlink(one.target, to, error);
  } else {
    filesystem::copy_file(from, to, error);
    if (!error)
      set_mode(to, one.status.st_mode);
  }
  check(error, from);
}

void Stage::add_folder(const filesystem::path& path) {
  filesystem::path at = path_;
  for (const auto& part : path.relative_path()) {
    at /= part;
    std::error_code error;
    const auto kind = filesystem::symlink_status(at, error).type();
    if (kind == filesystem::file_type::directory)
      continue;
    if (kind != filesystem::file_type::not_found)
      throw Failure("/{}: it is {}; expected a folder, or nothing, since an image needs one there",
                    at.lexically_relative(path_).string(),
                    kind == filesystem::file_type::symlink ? "a link" : "a file");
    filesystem::create_directory(at, error);
    check(error, at);
    set_mode(at, 0755);
  }
}

void Stage::add_link(const filesystem::path& path, const std::string& target) {
  const auto at = path_ / path.relative_path();
  std::error_code error;
  if (filesystem::symlink_status(at, error).type() != filesystem::file_type::not_found)
    return;
  filesystem::create_symlink(target, at, error);
  check(error, at);
}

void Stage::set_permissions() {
  // What is inside comes first: later ones may not be reached any more.
  for (auto one = found_.rbegin(); one != found_.rend(); ++one)
    if (S_ISDIR(one->status.st_mode))
      set_mode(one->path.empty() ? path_ : path_ / one->path, one->status.st_mode);
}

} // namespace skerry::root
