// SPDX-License-Identifier: Apache-2.0
// Limits of the process (getrlimit(2)).
#pragma once

#include <core/result.hpp>

#include <sys/resource.h>

namespace skerry::posix {

/// Infinity stands where there is no limit. Errors: invalid_argument  no such resource
[[nodiscard]] Result<rlimit> limit_of(int resource);

} // namespace skerry::posix
