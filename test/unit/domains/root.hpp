// SPDX-License-Identifier: Apache-2.0
// The tree of files, which a process starts once.
#pragma once

#include <fs/tree.hpp>
#include <kernel/boot.hpp>

namespace skerry::test {

inline bool start_files_once() {
  static const bool is_started = fs::start_files(kernel::BootInfo{}).has_value();
  return is_started;
}

} // namespace skerry::test
