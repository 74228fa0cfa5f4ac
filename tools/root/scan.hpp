// SPDX-License-Identifier: Apache-2.0
// What is in a folder that is to be a root file system.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <vector>

namespace skerry::root {

/// A file, folder or link. Links are not followed.
struct Found {
  std::filesystem::path path; ///< in the folder; empty for the folder itself
  struct stat status{};
  std::string target{}; ///< of a link
};

/// All of the folder, each folder before what is in it, in the order of the names. Throws Failure
/// that names what is neither file, folder nor link, a name that is not UTF-8, and what cannot be
/// read.
[[nodiscard]] std::vector<Found> scan(const std::filesystem::path& folder);

/// Tells two states of a folder apart: one line for each thing found.
[[nodiscard]] std::string fingerprint(const std::vector<Found>& found);

[[nodiscard]] bool is_utf8(std::string_view text);
/// Text for one line of a message: what does not print as \xNN.
[[nodiscard]] std::string printable(std::string_view text);

} // namespace skerry::root
