// SPDX-License-Identifier: Apache-2.0
// Names of signals, for messages.
#pragma once

#include <string_view>

namespace skerry::posix {

/// "SIGTERM" and so on; "a real-time signal" for those without a name.
[[nodiscard]] std::string_view signal_name(int signal);

} // namespace skerry::posix
