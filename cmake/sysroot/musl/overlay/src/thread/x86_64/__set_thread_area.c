/* Sets the thread pointer: the base of FS, which belongs to the application.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pthread_impl.h"
#include "syscall.h"

#define ARCH_SET_FS 0x1002

hidden int __set_thread_area(void* pointer) {
  return __syscall2(SYS_arch_prctl, ARCH_SET_FS, (long)pointer);
}
