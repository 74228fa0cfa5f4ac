// SPDX-License-Identifier: Apache-2.0
// The stacks that must exist before there is an allocator: the boot thread's, and one for each of
// the interrupt stack table's uses (platform/x86_64/descriptors.hpp). Slots of one guard page and
// four pages of stack: boot/image_layout.hpp.

  .section .skerry.stacks, "aw", @nobits
  .balign 4096

.macro STACK name
  .skip 4096
  .skip 4 * 4096
  .globl \name
  .hidden \name
\name:
.endm

STACK skerry_boot_stack_top
STACK skerry_fault_stack_top
STACK skerry_interrupt_stack_top
STACK skerry_nmi_stack_top
STACK skerry_double_fault_stack_top
STACK skerry_machine_check_stack_top

  .section .note.GNU-stack, "", @progbits
