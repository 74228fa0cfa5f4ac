// SPDX-License-Identifier: Apache-2.0
// Whole files in and out, and a temporary folder that goes away.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace skerry {

/// The whole file. Throws Failure that names it.
[[nodiscard]] std::string read_text(const std::filesystem::path& path);
[[nodiscard]] std::vector<std::byte> read_bytes(const std::filesystem::path& path);

/// Replaces `path` in one step: others see the old file or the whole new one. Keeps the permissions
/// of the old file. Throws Failure (no space, no permission), and then leaves nothing behind.
void replace_file(const std::filesystem::path& path, std::span<const std::byte> bytes);
void replace_file(const std::filesystem::path& path, std::string_view text);

/// The last `count` lines of a text.
[[nodiscard]] std::string_view last_lines(std::string_view text, std::size_t count);

/// A fresh folder for one use, removed with all that is in it.
class TemporaryFolder {
public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

} // namespace skerry
