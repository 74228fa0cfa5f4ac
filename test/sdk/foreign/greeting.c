// SPDX-License-Identifier: Apache-2.0
// The part in C.
#include <stdio.h>

void greet(const char* name) {
  printf("Good day, %s.\n", name);
}
