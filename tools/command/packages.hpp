// SPDX-License-Identifier: Apache-2.0
// The Debian packages that a subcommand needs: looked for by a file of theirs, installed when they
// are missing and we may.
#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace skerry::command {

/// What is about to be done.
enum class Purpose {
  build, ///< compile and link for the guest, sysroot included
  run,   ///< boot an image
  test,  ///< both, and the tests of the host
};

struct Package {
  std::string_view name;
  std::string_view file; ///< a program in PATH, or an absolute path
  Purpose purpose;
};

[[nodiscard]] std::span<const Package> package_table();

/// The names of the packages for `purpose` whose file `exists` denies, each once.
[[nodiscard]] std::vector<std::string_view>
missing_packages(Purpose purpose, const std::function<bool(std::string_view file)>& exists);

/// Installs what is missing (root, or sudo), saying so. Throws Failure when that is not allowed or
/// fails, after a line that names the packages. Outside of a source tree it only names them.
void require_packages(Purpose purpose);

} // namespace skerry::command
