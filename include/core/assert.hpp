// SPDX-License-Identifier: Apache-2.0
// Broken invariants. Only for what cannot happen unless Skerry itself is wrong: never for anything
// that the host, a device, the network or the application can cause (DESIGN, decision 12).
#pragma once

#include <source_location>
#include <string_view>

namespace skerry {

/// Reports `reason` with a backtrace and stops the machine. Any context. Does not return.
[[noreturn]] void panic(std::string_view reason,
                        std::source_location where = std::source_location::current());

} // namespace skerry

/// Stops the machine when `condition` is false; always compiled in.
#define SKERRY_ASSERT(condition)                                                                   \
  do {                                                                                             \
    if (!(condition)) [[unlikely]] {                                                               \
      ::skerry::panic("assertion failed: " #condition);                                            \
    }                                                                                              \
  } while (false)
