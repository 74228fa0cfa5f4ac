// SPDX-License-Identifier: Apache-2.0
// The table of descriptors: small numbers for open files, the lowest free one first.
#pragma once

#include <core/result.hpp>
#include <fs/file.hpp>

namespace skerry::posix {

/// The most descriptors at once (RLIMIT_NOFILE).
inline constexpr int max_descriptors = 1024;

/// The file behind `descriptor`, held for the caller.
/// Errors: bad_file_descriptor
[[nodiscard]] Result<fs::FileReference> find_file(int descriptor);

/// Enters `file` under the lowest free number that is `lowest` at least.
/// Errors: too_many_files_open  all numbers are taken
[[nodiscard]] Result<int> open_descriptor(fs::FileReference file, bool close_on_exec,
                                          int lowest = 0);

/// Takes `descriptor` out of the table. Errors: bad_file_descriptor
[[nodiscard]] Result<> close_descriptor(int descriptor);

/// Opens 0, 1 and 2 on the console. Context: boot, once.
[[nodiscard]] Result<> open_standard_descriptors();

} // namespace skerry::posix
