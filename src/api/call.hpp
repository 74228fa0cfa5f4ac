// SPDX-License-Identifier: Apache-2.0
// Calls of our own from the application's side.
#pragma once

#include "src/api/abi.hpp"

#include <sys/syscall.h>

namespace skerry::abi {

/// As syscall(2): -1 and errno when it failed. The number is named to the linker.
template <Call Number, class... Arguments> long call(Arguments... arguments) {
  return __skerry_syscall(static_cast<long>(Number), arguments...);
}

} // namespace skerry::abi
