// SPDX-License-Identifier: Apache-2.0
// See the header.
#include "root/scan.hpp"

#include "support/failure.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <format>

namespace skerry::root {
namespace {

/// The longest name and path that an image can open.
constexpr std::size_t longest_path = 4095;

Failure cannot_read(const std::filesystem::path& path, int code) {
  return Failure("{}: it cannot be read: {}", printable(path.string()), std::strerror(code));
}

std::string_view kind_name(mode_t mode) {
  switch (mode & S_IFMT) {
  case S_IFSOCK:
    return "a socket";
  case S_IFIFO:
    return "a pipe";
  default:
    return "a device";
  }
}

Found look_at(const std::filesystem::path& folder, const std::filesystem::path& path) {
  const auto whole = path.empty() ? folder : folder / path;
  Found found{.path = path};
  if (::lstat(whole.c_str(), &found.status) != 0)
    throw cannot_read(whole, errno);
  const mode_t kind = found.status.st_mode & S_IFMT;
  if (!is_utf8(path.native()))
    throw Failure("{}: its name is not UTF-8", printable(whole.string()));
  if (path.native().size() >= longest_path)
    throw Failure("{}: its path is too long; expected {} bytes at most", printable(whole.string()),
                  longest_path);
  if (kind != S_IFREG && kind != S_IFDIR && kind != S_IFLNK)
    throw Failure("{}: it is {}; a root file system has files, folders and links",
                  printable(whole.string()), kind_name(found.status.st_mode));
  if (kind == S_IFLNK) {
    std::error_code error;
    found.target = std::filesystem::read_symlink(whole, error).string();
    if (error)
      throw cannot_read(whole, error.value());
  }
  return found;
}

void scan_folder(const std::filesystem::path& folder, const std::filesystem::path& path,
                 std::vector<Found>& result) {
  const auto whole = folder / path;
  std::vector<std::filesystem::path> names;
  std::error_code error;
  for (std::filesystem::directory_iterator at(whole, error), end; !error && at != end;
       at.increment(error))
    names.push_back(at->path().filename());
  if (error)
    throw cannot_read(whole, error.value());
  std::ranges::sort(names);
  for (const auto& name : names) {
    result.push_back(look_at(folder, path / name));
    if (S_ISDIR(result.back().status.st_mode))
      scan_folder(folder, path / name, result);
  }
}

} // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const unsigned first = byte(0);
    const std::size_t size = first < 0x80                    ? 1
                             : first >= 0xc2 && first < 0xe0 ? 2
                             : first >= 0xe0 && first < 0xf0 ? 3
                             : first >= 0xf0 && first < 0xf5 ? 4
                                                             : 0;
    if (size == 0 || size > text.size())
      return false;
    for (std::size_t at = 1; at < size; ++at)
      if ((byte(at) & 0xc0) != 0x80)
        return false;
    // Longer than needed, a surrogate, past U+10FFFF.
    if ((first == 0xe0 && byte(1) < 0xa0) || (first == 0xed && byte(1) > 0x9f) ||
        (first == 0xf0 && byte(1) < 0x90) || (first == 0xf4 && byte(1) > 0x8f))
      return false;
    text.remove_prefix(size);
  }
  return true;
}

std::string printable(std::string_view text) {
  const bool is_text = is_utf8(text);
  std::string result;
  for (const char character : text) {
    const auto code = static_cast<unsigned char>(character);
    if (code < 0x20 || code == 0x7f || (code >= 0x80 && !is_text))
      result += std::format("\\x{:02x}", code);
    else
      result += character;
  }
  return result;
}

std::vector<Found> scan(const std::filesystem::path& folder) {
  std::vector<Found> result{look_at(folder, {})};
  scan_folder(folder, {}, result);
  return result;
}

std::string fingerprint(const std::vector<Found>& found) {
  std::string text;
  for (const Found& one : found) {
    const auto& status = one.status;
    // When a folder changed says nothing that its names do not say.
    const auto changed = S_ISREG(status.st_mode) ? status.st_mtim : timespec{};
    const auto size = S_ISREG(status.st_mode) ? status.st_size : 0;
    text += std::format("{:o} {} {} {}.{:09} {} {}\n", status.st_mode, status.st_ino, size,
                        changed.tv_sec, changed.tv_nsec, printable(one.path.string()),
                        printable(one.target));
  }
  return text;
}

} // namespace skerry::root
