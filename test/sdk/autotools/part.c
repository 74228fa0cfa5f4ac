// SPDX-License-Identifier: Apache-2.0
// The part in C, which says what configure found.
#include "config.h"

#include <stdio.h>

void tell(void) {
#if defined(HAVE_EPOLL_CREATE1) && !defined(HAVE_KQUEUE) && SIZEOF_LONG == 8 && defined(HAVE_LIBM)
  puts("configured right");
#else
  puts("configured wrong");
#endif
}
