// SPDX-License-Identifier: Apache-2.0
// Names of errors, for traces.
#pragma once

#include <string_view>

namespace skerry::posix {

/// "ENOENT" for 2; empty when there is no such error. Any context.
[[nodiscard]] std::string_view error_name(long error);

} // namespace skerry::posix
