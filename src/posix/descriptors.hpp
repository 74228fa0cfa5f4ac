// SPDX-License-Identifier: Apache-2.0
// The table of descriptors: small numbers for open files, the lowest free one first.
#pragma once

#include <core/result.hpp>
#include <fs/file.hpp>

namespace skerry::posix {

/// How many descriptors there may be (RLIMIT_NOFILE): at first, and the most that can be set.
inline constexpr int default_descriptors = 1024;
inline constexpr int max_descriptors = 65536;

/// The file behind `descriptor`, held for the caller: it lives on when the descriptor is closed.
/// Errors: bad_file_descriptor
[[nodiscard]] Result<fs::FileReference> find_file(int descriptor);

/// Enters `file` under the lowest free number that is `lowest` at least.
/// Errors: too_many_files_open  all numbers below the limit are taken
///         not_enough_memory    for the table
[[nodiscard]] Result<int> open_descriptor(fs::FileReference file, bool close_on_exec,
                                          int lowest = 0);

/// Enters `file` under `descriptor`; what was there is closed in the same step.
/// Errors: bad_file_descriptor  the number is negative or not below the limit
///         not_enough_memory    for the table
[[nodiscard]] Result<> replace_descriptor(int descriptor, fs::FileReference file,
                                          bool close_on_exec);

/// Takes `descriptor` out of the table. Errors: bad_file_descriptor
[[nodiscard]] Result<> close_descriptor(int descriptor);

/// The flag that fcntl(2) calls FD_CLOEXEC. Errors: bad_file_descriptor
[[nodiscard]] Result<bool> is_closed_on_exec(int descriptor);
[[nodiscard]] Result<> set_closed_on_exec(int descriptor, bool value);

/// The lowest open descriptor from `lowest` on. Errors: bad_file_descriptor  there is none
[[nodiscard]] Result<int> next_descriptor(int lowest);

/// New numbers stay below the first; those that are open stay as they are. The second is what the
/// first may be raised to, and is kept for who asks.
struct DescriptorLimits {
  int soft = default_descriptors;
  int hard = max_descriptors;
};
[[nodiscard]] DescriptorLimits descriptor_limits();
/// Both are at most max_descriptors.
void set_descriptor_limits(DescriptorLimits limits);

/// Has `hook` called, in no lock, whenever a descriptor of a file is closed, though others may
/// stay. May be called again, with the same hook.
void set_close_hook(void (*hook)(fs::File& file));

/// Opens 0, 1 and 2 on the console. Context: boot, once.
[[nodiscard]] Result<> open_standard_descriptors();

} // namespace skerry::posix
