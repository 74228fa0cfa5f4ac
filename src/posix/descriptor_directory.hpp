// SPDX-License-Identifier: Apache-2.0
// /proc/self/fd: the open descriptors as a directory.
#pragma once

#include <fs/node.hpp>

namespace skerry::posix {

/// Its names are the numbers of the descriptors; each is a link to what the descriptor refers to.
/// Errors: not_enough_memory
[[nodiscard]] Result<fs::NodeReference> make_descriptor_directory(fs::Directory& above);

} // namespace skerry::posix
