// SPDX-License-Identifier: Apache-2.0
// System calls by number: the C library makes some of them through others, or not at all.
#pragma once

#include <type_traits>
#include <unistd.h>

namespace skerry::test {

/// As the kernel gets it.
template <class Argument> long word_of(const Argument& argument) {
  if constexpr (std::is_pointer_v<std::decay_t<Argument>>)
    return reinterpret_cast<long>(static_cast<std::decay_t<const Argument>>(argument));
  else if constexpr (std::is_null_pointer_v<Argument>)
    return 0;
  else
    return static_cast<long>(argument);
}

/// Makes the call; answers -1 and sets errno as syscall(2) does.
template <class... Arguments> long raw(long number, const Arguments&... arguments) {
  return ::syscall(number, word_of(arguments)...);
}

} // namespace skerry::test
