// SPDX-License-Identifier: Apache-2.0
// A copy of a folder in which things can be added.
#pragma once

#include "root/scan.hpp"

namespace skerry::root {

/// Goes away with all that is in it.
class Stage {
public:
  /// Begins with a copy of `found` in `folder`; lies beside `neighbour`. Throws Failure.
  Stage(const std::filesystem::path& folder, const std::vector<Found>& found,
        const std::filesystem::path& neighbour);
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  ~Stage();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  /// Makes a folder, and those above it, where there is none. `path` is absolute in the root.
  /// Throws Failure when something else is there.
  void add_folder(const std::filesystem::path& path);
  /// Makes a link where there is nothing.
  void add_link(const std::filesystem::path& path, const std::string& target);
  /// Gives the folders the permissions that those copied have.
  void set_permissions();

private:
  void remove() const;
  void copy(const std::filesystem::path& folder, const Found& one);

  std::filesystem::path path_;
  const std::vector<Found>& found_;
};

} // namespace skerry::root
