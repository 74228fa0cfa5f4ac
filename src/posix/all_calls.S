// SPDX-License-Identifier: Apache-2.0
// Refers to every call: for code whose calls are known only when it runs, such as syscall() and the
// SYSCALL instruction.
#include <sys/syscall.h>

#define CALL_NUMBERED(name, number) .reloc ., R_X86_64_NONE, __skerry_call_##number
#define NUMBERED(name, number) CALL_NUMBERED(name, number)
#define CALL(name) NUMBERED(name, SYS_##name)
#define PARTLY(name, missing) NUMBERED(name, SYS_##name)
#define REFUSED(name, reason)

  .section .rodata.skerry_all_calls, "a", @progbits
  .globl __skerry_call_65535
__skerry_call_65535:
#include "src/posix/syscalls.def"
  .byte 0

  .section .note.GNU-stack, "", @progbits
