/* Makes a thread that starts in `function` on `stack`. The kernel starts it there by itself, where
 * Linux returns twice. Argument order is musl's; the result is the thread's number or -errno.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pthread_impl.h"

#include <stdarg.h>

int __skerry_clone(int (*function)(void*), void* stack, int flags, void* argument,
                   void* parent_number, void* thread_pointer, void* child_number);

hidden int __clone(int (*function)(void*), void* stack, int flags, void* argument, ...) {
  va_list list;
  va_start(list, argument);
  void* parent_number = va_arg(list, void*);
  void* thread_pointer = va_arg(list, void*);
  void* child_number = va_arg(list, void*);
  va_end(list);
  return __skerry_clone(function, stack, flags, argument, parent_number, thread_pointer,
                        child_number);
}
