// SPDX-License-Identifier: Apache-2.0
// Which floor may include what (DESIGN, section 2). The rules are data: cmake/checks/floors.txt.
#pragma once

#include "cmake/checks/tree.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace skerry::checks {

/// Files whose path begins with `folder` may include files of the tree whose path begins with one
/// of `allowed`. Of several rules that fit, the one with the longest folder counts.
struct FloorRule {
  std::string folder;
  std::vector<std::string> allowed;
};

/// Reads the table: `folder: prefix prefix …`. A line that begins with a blank continues the one
/// before; `+` stands for what the rule of the folder around it allows, which comes earlier; `#`
/// begins a comment. Throws std::runtime_error that names a line of another form.
[[nodiscard]] std::vector<FloorRule> parse_floor_rules(std::string_view text);

/// True when the tree has a file with that path.
using FileExists = std::function<bool(const std::string& path)>;

/// The includes of `file` that its rule does not allow, and those in quotes that name no file.
/// Standard headers are nobody's business here.
[[nodiscard]] std::vector<Violation>
check_floors(const SourceFile& file, const std::vector<FloorRule>& rules, const FileExists& exists);

} // namespace skerry::checks
