// SPDX-License-Identifier: Apache-2.0
// The files of /proc and /sys whose text is made when they are opened (proc(5)). What cannot be
// said truly is not there: an image has no file of its program (exe), no load average, and so on.
#pragma once

#include <core/result.hpp>
#include <fs/tree.hpp>

#include <span>

namespace skerry::posix {

/// A file, by its path below /proc or /sys, and what its text is.
struct SystemText {
  const char* path;
  fs::TextSource source;
};

/// Of the process, of the machine, and what an administrator would set: below /proc.
[[nodiscard]] std::span<const SystemText> process_texts();
[[nodiscard]] std::span<const SystemText> machine_texts();
[[nodiscard]] std::span<const SystemText> setting_texts();
/// Below /sys.
[[nodiscard]] std::span<const SystemText> device_texts();

/// Enters all of them. Context: thread.
/// Errors: not_enough_memory
[[nodiscard]] Result<> enter_texts(fs::TreeDirectory& proc, fs::TreeDirectory& sys);

} // namespace skerry::posix
