/* For the runtimes' own sources: each system call that they make is named to the linker, so that an
 * image need not hold all of them. SPDX-License-Identifier: Apache-2.0 */
#include <sys/syscall.h>
#include <unistd.h>

#define syscall __skerry_syscall
