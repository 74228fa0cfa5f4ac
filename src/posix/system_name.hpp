// SPDX-License-Identifier: Apache-2.0
// What uname(2) tells.
#pragma once

#include <string_view>

namespace skerry::posix {

struct SystemName {
  std::string_view system;
  std::string_view host;
  std::string_view release;
  std::string_view version;
  std::string_view machine;
};

/// The interface that programs find here is Linux'.
extern const SystemName system_name;

} // namespace skerry::posix
