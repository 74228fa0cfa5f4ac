// SPDX-License-Identifier: Apache-2.0
// Rules for the text of every file: licence line, length, words that must not be there.
#pragma once

#include "cmake/checks/tree.hpp"

#include <vector>

namespace skerry::checks {

/// What breaks the rules in `file`:
/// - source files have the line `SPDX-License-Identifier: Apache-2.0` near their top, C++ headers
///   `#pragma once` too;
/// - source files have at most 400 lines;
/// - no work is put off in a comment, no path of a developer's machine, no blanks at line ends;
/// - C++ is compiled under conditions only where platforms meet (DESIGN, section 6).
[[nodiscard]] std::vector<Violation> check_text(const SourceFile& file);

} // namespace skerry::checks
