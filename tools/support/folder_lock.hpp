// SPDX-License-Identifier: Apache-2.0
// One process at a time.
#pragma once

#include "support/file_descriptor.hpp"

#include <filesystem>

namespace skerry {

/// Holds a lock on `folder` (made if need be) until its end. Blocks while another process holds it,
/// and says so on standard error. Throws Failure when the folder cannot be made or locked.
class FolderLock {
public:
  explicit FolderLock(const std::filesystem::path& folder);

private:
  FileDescriptor file_;
};

} // namespace skerry
