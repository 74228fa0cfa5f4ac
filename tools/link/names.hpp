// SPDX-License-Identifier: Apache-2.0
// Symbol names as a backtrace shows them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace skerry::link {

/// What a name is cut down to. Longer ones lose their template arguments, then their parameters.
inline constexpr std::size_t name_limit = 100;

/// The C++ name behind a mangled one, shortened; other names unchanged but for the limit.
[[nodiscard]] std::string readable_name(std::string_view symbol);

/// Cuts a demangled name down to `limit` (at least 3), dropping what says least first.
[[nodiscard]] std::string shorten(std::string_view name, std::size_t limit);

} // namespace skerry::link
