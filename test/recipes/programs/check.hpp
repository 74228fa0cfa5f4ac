// What the programs share: CHECK ends a program with the line that failed.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <cstdlib>

#define CHECK(condition)                                                                           \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      std::fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition);               \
      std::_Exit(1);                                                                               \
    }                                                                                              \
  } while (false)
