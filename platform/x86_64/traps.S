// SPDX-License-Identifier: Apache-2.0
// Entry of every exception and interrupt (Intel SDM vol. 3, 6.14), on a stack of the interrupt
// stack table. The C++ side classifies the trap there; when more is to be done it has copied the
// frame to the thread's kernel stack and returns its address. Nothing is suspended on an IST stack.
#include "platform/x86_64/offsets.h"

.macro PUSH_REGISTERS
  push %rax
  push %rcx
  push %rdx
  push %rbx
  push %rbp
  push %rsi
  push %rdi
  push %r8
  push %r9
  push %r10
  push %r11
  push %r12
  push %r13
  push %r14
  push %r15
.endm

  .section .text.skerry_traps, "ax", @progbits
  .globl skerry_trap_stubs
  .hidden skerry_trap_stubs
  .balign 16
skerry_trap_stubs:
  .set number, 0
  .rept 256
  .balign 16
  // Vectors that bring an error code (SDM vol. 3, table 6-1).
  .if (number == 8) || (number >= 10 && number <= 14) || (number == 17) || (number == 21) || (number == 29) || (number == 30)
  .else
  push $0
  .endif
  push $number
  jmp skerry_trap_common
  .set number, number + 1
  .endr

skerry_trap_common:
  PUSH_REGISTERS
  cld
  xor %ebp, %ebp
  mov %rsp, %rdi
  call skerry_trap_classify
  test %rax, %rax
  jz skerry_frame_restore
  mov %rax, %rsp
  mov %rsp, %rdi
  call skerry_trap_in_thread

  .globl skerry_frame_restore
  .hidden skerry_frame_restore
  // Interrupts are off, and in_floor is what the interrupted code expects.
skerry_frame_restore:
  pop %r15
  pop %r14
  pop %r13
  pop %r12
  pop %r11
  pop %r10
  pop %r9
  pop %r8
  pop %rdi
  pop %rsi
  pop %rbp
  pop %rbx
  pop %rdx
  pop %rcx
  pop %rax
  add $16, %rsp
  iretq

// Signals are not delivered to code between these two names: it is about to enter a floor, where a
// wait will see that one is pending, or has just left it.
  .globl skerry_doors_begin
  .hidden skerry_doors_begin
skerry_doors_begin:

// Door one: a function call from our C library. The number comes last, so that the arguments are
// already where the handlers want them. Registers as for any call of the System V ABI.
.macro DOOR count, source
  .globl __skerry_syscall\count
__skerry_syscall\count:
  mov \source, %rax
  jmp skerry_door_one
.endm
  DOOR 0, %rdi
  DOOR 1, %rsi
  DOOR 2, %rdx
  DOOR 3, %rcx
  DOOR 4, %r8
  DOOR 5, %r9
  DOOR 6, 8(%rsp)

  .globl skerry_door_one
  .hidden skerry_door_one
skerry_door_one:
  movb $1, %gs:PER_CPU_IN_FLOOR
  mov %rsp, %r11
  mov %gs:PER_CPU_KERNEL_STACK_TOP, %rsp
  push %r11
  push %rax                             // the seventh argument of skerry_system_call
  call skerry_system_call
  pop %rcx
  // The stack goes back first: once in_floor is clear, an interrupt may use the kernel stack.
  pop %rsp
  movb $0, %gs:PER_CPU_IN_FLOOR
  cmpl $0, %gs:PER_CPU_PENDING
  jne skerry_door_work
  ret

// int __skerry_clone(function, stack, flags, argument, parent_number, thread_pointer, child_number)
  .globl __skerry_clone
__skerry_clone:
  mov 8(%rsp), %rax
  movb $1, %gs:PER_CPU_IN_FLOOR
  mov %rsp, %r11
  mov %gs:PER_CPU_KERNEL_STACK_TOP, %rsp
  push %r11
  push %rax
  call skerry_clone_call
  pop %rcx
  pop %rsp
  movb $0, %gs:PER_CPU_IN_FLOOR
  cmpl $0, %gs:PER_CPU_PENDING
  jne skerry_door_work
  ret

// noreturn __skerry_exit_unmap(base, size): the caller's stack goes with it.
  .globl __skerry_exit_unmap
__skerry_exit_unmap:
  movb $1, %gs:PER_CPU_IN_FLOOR
  mov %gs:PER_CPU_KERNEL_STACK_TOP, %rsp
  xor %ebp, %ebp
  call skerry_exit_unmap_call
  ud2

// noreturn __skerry_sigreturn(): the stack pointer is at the ucontext of a signal frame.
  .globl __skerry_sigreturn
__skerry_sigreturn:
  movb $1, %gs:PER_CPU_IN_FLOOR
  mov %rsp, %rdi
  mov %gs:PER_CPU_KERNEL_STACK_TOP, %rsp
  sub $FRAME_SIZE, %rsp
  mov %rsp, %rsi
  xor %ebp, %ebp
  call skerry_sigreturn_call
  mov %rsp, %rdi
  call skerry_door_exit
  jmp skerry_frame_restore

// Door two: the SYSCALL instruction (SDM vol. 3, 6.8.8), for code that our compiler did not make.
// RCX has its RIP and R11 its RFLAGS; interrupts are off. Linux' convention: number in RAX, arguments
// in RDI, RSI, RDX, R10, R8, R9; all registers but RAX, RCX and R11 are kept, vectors too. The
// caller's stack is not touched: a red zone may lie below its pointer.
  .globl skerry_door_two
  .hidden skerry_door_two
skerry_door_two:
  movb $1, %gs:PER_CPU_IN_FLOOR
  mov %rsp, %gs:PER_CPU_USER_STACK
  mov %gs:PER_CPU_KERNEL_STACK_TOP, %rsp
  pushq $SELECTOR_DATA
  pushq %gs:PER_CPU_USER_STACK
  push %r11
  pushq $SELECTOR_CODE
  push %rcx
  pushq $0
  pushq $VECTOR_DOOR_TWO
  PUSH_REGISTERS
  xor %ebp, %ebp
  mov %rsp, %rdi
  call skerry_door_two_call
  jmp skerry_frame_restore

  .globl skerry_doors_end
  .hidden skerry_doors_end
skerry_doors_end:

// Something waits (a reschedule, a signal): present the caller as a frame that can be edited.
skerry_door_work:
  movb $1, %gs:PER_CPU_IN_FLOOR
  mov %rsp, %r11
  mov %gs:PER_CPU_KERNEL_STACK_TOP, %rsp
  pushq $SELECTOR_DATA
  lea 8(%r11), %rcx
  push %rcx
  pushfq
  pushq $SELECTOR_CODE
  pushq (%r11)
  pushq $0
  pushq $VECTOR_DOOR
  PUSH_REGISTERS
  mov %rsp, %rdi
  call skerry_door_exit
  jmp skerry_frame_restore

// void skerry_switch_stacks(uint64_t* from, uint64_t to): the heart of a context switch.
  .globl skerry_switch_stacks
  .hidden skerry_switch_stacks
skerry_switch_stacks:
  push %rbp
  push %rbx
  push %r12
  push %r13
  push %r14
  push %r15
  mov %rsp, (%rdi)
  mov %rsi, %rsp
  pop %r15
  pop %r14
  pop %r13
  pop %r12
  pop %rbx
  pop %rbp
  ret

// Where a new thread begins: entry in r12, argument in r13.
  .globl skerry_thread_begin
  .hidden skerry_thread_begin
skerry_thread_begin:
  mov %r13, %rdi
  xor %ebp, %ebp
  call *%r12
  ud2

// void skerry_enter_application(entry, stack, argument)
  .globl skerry_enter_application
  .hidden skerry_enter_application
skerry_enter_application:
  cli
  mov %rdi, %rax
  mov %rsi, %rsp
  mov %rdx, %rdi
  xor %ebp, %ebp
  xor %ebx, %ebx
  xor %ecx, %ecx
  xor %edx, %edx
  xor %esi, %esi
  xor %r8d, %r8d
  xor %r9d, %r9d
  xor %r10d, %r10d
  xor %r11d, %r11d
  xor %r12d, %r12d
  xor %r13d, %r13d
  xor %r14d, %r14d
  xor %r15d, %r15d
  movb $0, %gs:PER_CPU_IN_FLOOR
  push $0                               // no return address: the ABI's alignment at an entry
  sti
  jmp *%rax

  .section .note.GNU-stack, "", @progbits
