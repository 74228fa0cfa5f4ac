/* Numbers of calls, and which of them an image needs.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef _SYS_SYSCALL_H
#define _SYS_SYSCALL_H

#include <bits/syscall.h>

#ifndef __ASSEMBLER__

/* A reference to the call from the section of the code that makes it, for the linker: a call that
 * nothing left in an image refers to leaves it too. Weak, since refused calls have no symbol. */
#define __skerry_refers_to(number)                                                                 \
  __asm__ volatile(".weak __skerry_call_%c0\n\t.reloc ., R_X86_64_NONE, __skerry_call_%c0"         \
                   :                                                                               \
                   : "i"(number))

/* In C a number may come that only the running program knows: it refers to all calls, as 65535. */
#ifdef __cplusplus
#define __skerry_names __skerry_refers_to
extern "C" {
#else
#define __skerry_names(number)                                                                     \
  __skerry_refers_to(__builtin_choose_expr(__builtin_constant_p(number), (number), 65535))
#endif
/* As syscall(), by code that has named the call. */
long __skerry_named_syscall(long, ...);
#ifdef __cplusplus
}
#endif

/* As syscall(), with a number that the compiler knows. */
#define __skerry_syscall(number, ...)                                                              \
  (__extension__({                                                                                 \
    __skerry_names(number);                                                                        \
    __skerry_named_syscall(number __VA_OPT__(, ) __VA_ARGS__);                                     \
  }))

#endif
#endif
