/* The end of a detached thread: its stack is unmapped and it never returns. The kernel does both in
 * one call, because no code can run on the stack in between.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pthread_impl.h"

_Noreturn void __skerry_exit_unmap(void* base, size_t size);

hidden _Noreturn void __unmapself(void* base, size_t size) {
  __skerry_exit_unmap(base, size);
}
