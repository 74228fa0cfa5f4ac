// SPDX-License-Identifier: Apache-2.0
// What print_report() has written so far, for the panic hook.
#pragma once

#include <string_view>

namespace skerry::kernel {

/// Lines without the prefix; cut off at 2 KiB. Any context.
[[nodiscard]] std::string_view report_text();

} // namespace skerry::kernel
