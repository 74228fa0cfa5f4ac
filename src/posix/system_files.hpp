// SPDX-License-Identifier: Apache-2.0
// The files that a C library and common programs look for: /etc/hosts, /etc/passwd, /etc/group and
// /etc/resolv.conf, which follows the network's name servers (all four in /run/etc where the root
// cannot be written to), what is in /proc and /sys, and the links to it in /dev. They are entered
// when the first path is looked up: an image that never does so holds none of them.
#pragma once

#include <core/result.hpp>

namespace skerry::posix {

/// From here on the files are to be had. Context: boot, after fs::start_files().
void expect_system_files();

/// Enters the files that are expected and not there yet. Context: thread, no lock held.
/// Errors: not_enough_memory
[[nodiscard]] Result<> enter_expected_system_files();

} // namespace skerry::posix
