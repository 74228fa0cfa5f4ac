// SPDX-License-Identifier: Apache-2.0
// Calls of our own from the application's side.
#pragma once

#include "src/api/abi.hpp"

#include <unistd.h>

namespace skerry::abi {

/// As syscall(2): -1 and errno when it failed.
template <class... Arguments> long call(Call number, Arguments... arguments) {
  return ::syscall(static_cast<long>(number), arguments...);
}

} // namespace skerry::abi
