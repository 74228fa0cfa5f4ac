// SPDX-License-Identifier: Apache-2.0
// The lists of what is left out.
#pragma once

#include <fstream>
#include <map>
#include <string>

/// Lines `NAME | REASON` without comments (#).
[[nodiscard]] inline std::map<std::string, std::string> read_list(const char* path) {
  std::map<std::string, std::string> list;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);)
    if (const std::size_t bar = line.rfind(" | "); !line.starts_with('#') && bar != line.npos)
      list.emplace(line.substr(0, bar), line.substr(bar + 3));
  return list;
}
