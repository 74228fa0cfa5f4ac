// SPDX-License-Identifier: Apache-2.0
// The files that a C library and common programs look for.
#pragma once

#include <core/result.hpp>

namespace skerry::posix {

/// Enters /etc/hosts, /etc/passwd, /etc/group, /etc/resolv.conf, which follows the network's name
/// servers (all four in /run/etc where the root cannot be written to), /proc/self/fd and the links
/// to it in /dev, and /proc/self/task. Context: boot, after fs::start_files().
/// Errors: not_enough_memory
[[nodiscard]] Result<> enter_system_files();

} // namespace skerry::posix
